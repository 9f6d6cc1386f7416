export default {
  build: { ssr: 'main.js', outDir: 'out/vite', rollupOptions: { output: { entryFileNames: 'vite.mjs' } } },
  ssr: { noExternal: true },
};
