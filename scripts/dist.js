// Makes pkg/dist/ from pkg/src/ and pkg/wasm/, if it is missing or older than they are:
// - JavaScript: a file for each entry point, and one with the code that they share. Node.js takes longer to find ten small
//   modules than to sign.
// - Declarations, from the same sources.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { root, run } from './run.js';
import { ensureDevDependencies, loadEsbuild } from './toolchain.js';

const sources = join(root, 'pkg/src');
const wasm = join(root, 'pkg/wasm');
const out = join(root, 'pkg/dist');
const TSC = 'node_modules/typescript/bin/tsc';
/** Folders whose modules are also built one by one, for this repository's own tests: `#testing/…`, `#cli/…`. */
const FOR_TESTS = ['testing', 'cli'];
/** Modules outside these folders that they import. */
const SHARED = ['closest.ts'];
const forTestsOut = join(root, 'target/modules');

/** The entry points that bring the client, by their names in pkg/src/entrypoints/. */
const ENTRY_POINTS = ['node', 'bun', 'deno', 'workerd', 'edge-light', 'inline', 'slim'];
/** The entry points that are also published as CommonJS: Jest, and Node.js before 20.19, cannot require an ES module. */
const COMMONJS = ['inline', 'slim'];
/** Entry points that share no code with the client, by their folders in pkg/src/. */
const STANDALONE = ['testing', 'stores'].filter(hasSources);
/** Programs, as ES modules alone, by their folders in pkg/src/. No other module imports them. */
const PROGRAMS = ['cli'].filter(hasSources);
/** The declarations that package.json names. The declarations that they import are published too. */
const DECLARATIONS = ['api', 'entrypoints/slim', 'entrypoints/wasm', ...STANDALONE.map((name) => `${name}/index`)];
/** Files that npm shows, and that must go with every copy. */
const TEXTS = ['README.md', 'README.zh-CN.md', 'LICENSE-APACHE', 'LICENSE-MIT'];

/** @param {string} name  of a folder */
function hasSources(name) {
  return existsSync(join(sources, name, 'index.ts'));
}

/** Builds the JavaScript if it is missing or stale. Needs only esbuild, and installs it if it is missing. */
export async function ensureJavaScript() {
  const digest = digestOf([sources, wasm, import.meta.filename, join(root, 'package-lock.json')]);
  const stamp = join(out, '.javascript');
  if (isFresh(stamp, digest) && existsSync(forTestsOut)) return;
  await inStage(async (stage) => {
    await buildJavaScript(join(stage, 'dist'));
    await buildForTests(join(stage, 'modules'));
    replaceFiles(join(stage, 'dist'), out, /\.c?js$/);
    replaceFiles(join(stage, 'modules'), forTestsOut, /\.js$/);
  });
  writeFileSync(stamp, digest);
}

/** Builds the declarations if they are missing or stale. Needs the dev dependencies. */
export async function ensureDeclarations() {
  const glue = readdirSync(wasm).filter((file) => file.endsWith('.d.ts'));
  const inputs = [sources, join(root, 'pkg/tsconfig.json'), import.meta.filename, join(root, 'package-lock.json')];
  const digest = digestOf([...inputs, ...glue.map((file) => join(wasm, file))]);
  const stamp = join(out, '.declarations');
  if (isFresh(stamp, digest)) return;
  ensureDevDependencies();
  await inStage((stage) => {
    buildDeclarations(join(stage, 'all'), join(stage, 'dist'));
    replaceFiles(join(stage, 'dist'), out, /\.d\.c?ts$/);
  });
  writeFileSync(stamp, digest);
}

/** Copies the README and licences into the package. */
export function copyTexts() {
  for (const file of TEXTS) copyFileSync(join(root, file), join(root, 'pkg', file));
}

/** @param {string} out */
async function buildJavaScript(out) {
  const { build } = await loadEsbuild();
  const bytes = readFileSync(join(wasm, 'wechatpay_presign_bg.wasm'));
  // Two versions of the package in one process must not get each other's bytes.
  const key = `wechatpay-presign/${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'inline-bytes.cjs'), inlineBytes(key, bytes));

  /** @type {import('esbuild').BuildOptions} */
  const settings = {
    absWorkingDir: root,
    bundle: true,
    outdir: out,
    platform: 'neutral',
    target: 'es2022',
    supported: { 'import-attributes': true },
    charset: 'utf8',
    logLevel: 'warning',
    define: { INLINED_WASM: JSON.stringify(key) },
    external: ['node:*', 'wechatpay-presign', 'wechatpay-presign/*'],
    plugins: [besideTheBundle, texts],
  };
  const entry = (/** @type {string} */ name) => join(sources, 'entrypoints', `${name}.ts`);
  await build({
    ...settings,
    entryPoints: ENTRY_POINTS.map(entry),
    format: 'esm',
    splitting: true,
    chunkNames: 'core',
  });
  /** @type {import('esbuild').BuildOptions} */
  const commonJs = { ...settings, format: 'cjs', outExtension: { '.js': '.cjs' } };
  await build({ ...commonJs, entryPoints: COMMONJS.map(entry) });
  await build({ ...settings, entryPoints: ['wasm.workerd', 'wasm.edge-light'].map(entry), format: 'esm' });
  const folders = (/** @type {string[]} */ names) =>
    Object.fromEntries(names.map((name) => [name, join(sources, name, 'index.ts')]));
  const standalone = folders(STANDALONE);
  await build({ ...settings, entryPoints: { ...standalone, ...folders(PROGRAMS) }, format: 'esm' });
  await build({ ...commonJs, entryPoints: standalone });
}

/** @param {string} outdir */
async function buildForTests(outdir) {
  const { build } = await loadEsbuild();
  await build({
    entryPoints: FOR_TESTS.filter(hasSources)
      .flatMap((name) => filesIn(join(sources, name)))
      .filter((file) => /(?<!\.d)\.ts$/.test(file))
      .concat(SHARED.map((name) => join(sources, name))),
    outbase: sources,
    outdir,
    // Only for texts.
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'warning',
    plugins: [texts, notBundled],
  });
}

/**
 * `import text from './style.css?text'` gives the text of a file. A TypeScript file is bundled for browsers first.
 * @type {import('esbuild').Plugin}
 */
const texts = {
  name: 'texts',
  setup({ onResolve, onLoad, esbuild }) {
    onResolve({ filter: /\?text$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('?text', '')),
      namespace: 'text',
    }));
    onLoad({ filter: /./, namespace: 'text' }, async ({ path }) => {
      if (!path.endsWith('.ts')) return { contents: readFileSync(path, 'utf8'), loader: 'text' };
      const { outputFiles } = await esbuild.build({
        entryPoints: [path],
        bundle: true,
        write: false,
        format: 'iife',
        target: 'es2022',
        charset: 'utf8',
        minify: true,
      });
      return { contents: outputFiles[0]?.text ?? '', loader: 'text' };
    });
  },
};

/**
 * Leaves modules as they are.
 * @type {import('esbuild').Plugin}
 */
const notBundled = {
  name: 'not-bundled',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) => (kind === 'entry-point' ? undefined : { path, external: true }));
  },
};

/**
 * A script that is neither an ES module nor CommonJS, so that both can load it and the package has the bytes only once.
 * @param {string} key
 * @param {Buffer} bytes
 */
function inlineBytes(key, bytes) {
  return (
    '// wechatpay_presign_bg.wasm in Base64, for inline.js, inline.cjs and deno.js.\n' +
    `Object.defineProperty(globalThis, Symbol.for('${key}'), {\n` +
    `  configurable: true,\n  value: '${bytes.toString('base64')}',\n});\n`
  );
}

/**
 * Files that are not bundled, by their paths as seen from pkg/dist/.
 * @type {import('esbuild').Plugin}
 */
const besideTheBundle = {
  name: 'beside-the-bundle',
  setup({ onResolve }) {
    onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path }) => ({ path: `../wasm/${basename(path)}`, external: true }));
    onResolve({ filter: /\/inline-bytes\.cjs$/ }, () => ({
      path: './inline-bytes.cjs',
      external: true,
      sideEffects: true,
    }));
  },
};

/**
 * @param {string} all  the folder for those of all sources
 * @param {string} out  the folder for the published ones
 */
function buildDeclarations(all, out) {
  // `outDir` stays dist/: the compiler maps the command line's imports from there to sources in src/.
  run(process.execPath, [TSC, '--project', 'pkg/tsconfig.json', '--declarationDir', all]);
  /** @type {Set<string>} */
  const published = new Set(DECLARATIONS.map((name) => join(all, `${name}.d.ts`)));
  // A Set also yields elements added during the loop.
  for (const file of published) {
    const text = readFileSync(file, 'utf8');
    for (const [, specifier = ''] of text.matchAll(RELATIVE_IMPORT)) {
      published.add(join(dirname(file), specifier.replace(/\.js$/, '.d.ts')));
    }
    const copy = join(out, relative(all, file));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text);
    const forCommonJs = text.replace(RELATIVE_IMPORT, (all) => all.replace(/\.js(?=['"]$)/, '.cjs'));
    writeFileSync(copy.replace(/\.d\.ts$/, '.d.cts'), forCommonJs);
  }
}

/** `from './x.js'`, `import './x.js'` and `import('./x.js')`, up to the closing quote. */
const RELATIVE_IMPORT = /\b(?:from |import |import\()['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * The digest of all files at some paths, names included.
 * @param {string[]} paths
 */
function digestOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesIn)) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} path  of a file or a folder
 * @returns {string[]}
 */
function filesIn(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)]));
}

/**
 * @param {string} stamp
 * @param {string} digest
 */
function isFresh(stamp, digest) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
}

/**
 * Provides a folder to build in. The old files stay until the build has succeeded, so that tests can run meanwhile.
 * @param {(stage: string) => unknown} build
 */
async function inStage(build) {
  mkdirSync(join(root, 'target'), { recursive: true });
  const stage = mkdtempSync(join(root, 'target/stage-'));
  try {
    await build(stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * Moves all files of a folder into another one, and deletes files that are no longer built.
 * @param {string} from
 * @param {string} to
 * @param {RegExp} kind  of the files that may be deleted
 */
function replaceFiles(from, to, kind) {
  const made = filesIn(from).map((file) => relative(from, file));
  for (const file of made) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    renameSync(join(from, file), join(to, file));
  }
  for (const file of filesIn(to).map((file) => relative(to, file))) {
    if (kind.test(file) && !made.includes(file)) rmSync(join(to, file));
  }
}
