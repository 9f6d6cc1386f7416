// The part of what Next.js gives webpack for the edge that decides how a package is found and its wasm is had.
module.exports = {
  mode: 'production',
  context: __dirname,
  entry: './main.js',
  target: ['web', 'es6'],
  resolve: { conditionNames: ['edge-light', 'worker', '...'] },
  module: {
    rules: [{ resourceQuery: /module/, type: 'javascript/auto', loader: require.resolve('./wasm-loader.cjs') }],
  },
  output: { filename: 'main.js', library: { name: 'edgeFunction', type: 'var' } },
};
