/** Vercel's Edge Runtime: a module with a fetch handler, bundled as Vercel bundles it, in the runtime's virtual machine. */
import { readFileSync } from 'node:fs';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';

/**
 * @param {string} path  of a module whose default export handles requests
 * @param {Record<string, string>} [env]  its process.env
 * @returns {Promise<(url: string, init?: RequestInit) => Promise<Response>>}
 */
export async function startEdgeFunction(path, env = {}) {
  /** @type {Map<string, string>} */
  const modules = new Map();
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'edgeFunction',
    platform: 'browser',
    conditions: ['edge-light', 'worker'],
    target: 'es2022',
    logLevel: 'error',
    plugins: [wasmModules(modules)],
  });
  const vm = new EdgeVM({
    extend(context) {
      for (const [name, file] of modules) context[name] = new WebAssembly.Module(readFileSync(file));
      context['process'] = { env };
      return context;
    },
  });
  vm.evaluate(outputFiles[0]?.text ?? '');
  const { default: handler } = vm.evaluate('edgeFunction');
  // Vercel accepts both forms.
  const handle = typeof handler === 'function' ? handler : handler.fetch;
  return (url, init) => handle(new vm.context.Request(url, init));
}

/**
 * Does as Next.js does: the file is compiled at deployment, and the module is a global of the function.
 * @param {Map<string, string>} modules  maps the names of these globals to the files
 * @returns {import('esbuild').Plugin}
 */
function wasmModules(modules) {
  return {
    name: 'wasm-modules',
    setup({ onLoad, onResolve, resolve }) {
      onResolve({ filter: /\.wasm\?module$/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (pluginData === wasmModules) return undefined;
        const options = { kind, resolveDir, importer, pluginData: wasmModules };
        const file = await resolve(path.replace('?module', ''), options);
        return { path: file.path, errors: file.errors, namespace: 'wasm-module' };
      });
      onLoad({ filter: /.*/, namespace: 'wasm-module' }, ({ path }) => {
        const name = `wasm_${modules.size}`;
        modules.set(name, path);
        return { contents: `export default ${name}` };
      });
    },
  };
}
