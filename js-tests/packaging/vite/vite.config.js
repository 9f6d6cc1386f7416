export default {
  build: { ssr: 'main.js', outDir: 'dist', rollupOptions: { output: { entryFileNames: 'main.mjs' } } },
  ssr: { noExternal: true },
};
