// The part of Next.js's webpack configuration for the edge that resolves packages and loads wasm.
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
