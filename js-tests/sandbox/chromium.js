/** A headless Chromium, driven through a pipe with the Chrome DevTools Protocol. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The npm package that contains Chromium for Linux on x64, and the libraries that a bare machine lacks. */
const PACKAGE = join(ROOT, 'node_modules/@sparticuz/chromium');

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox', // required when Chromium runs as root
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--hide-scrollbars',
];

/**
 * @typedef {object} Installed
 * @property {string} path  of the program
 * @property {Record<string, string>} env
 */

/**
 * Finds the Chromium that the environment variable CHROMIUM names, that of npm, or an installed one. Otherwise returns the
 * reason why there is none.
 * @returns {Promise<Installed | { missing: string }>}
 */
export async function findChromium() {
  const { CHROMIUM } = process.env;
  const candidates = CHROMIUM
    ? [{ path: CHROMIUM, env: {} }]
    : [await fromPackage(), ...INSTALLED.filter(existsSync).map((path) => ({ path, env: {} }))];
  /** @type {string[]} */
  const reasons = [];
  for (const candidate of candidates) {
    if ('missing' in candidate) reasons.push(candidate.missing);
    else {
      try {
        await (await startChromium(candidate)).close();
        return candidate;
      } catch (error) {
        reasons.push(`${candidate.path} does not start: ${error}`);
      }
    }
  }
  return { missing: `no Chromium for this test: ${reasons.join('; ')}` };
}

/** @returns {Promise<Installed | { missing: string }>} */
async function fromPackage() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { missing: 'npm has one for Linux on x64 only' };
  if (!existsSync(PACKAGE)) return { missing: 'npm did not install @sparticuz/chromium' };
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  const folder = join(ROOT, `target/chromium-${version}`);
  try {
    if (!existsSync(folder)) await extract(folder);
  } catch (error) {
    return { missing: `@sparticuz/chromium cannot be unpacked: ${error}` };
  }
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

/** @param {string} folder */
async function extract(folder) {
  await mkdir(join(ROOT, 'target'), { recursive: true });
  const stage = await mkdtemp(join(ROOT, 'target/chromium-stage-'));
  const unpack = async (/** @type {string} */ name, /** @type {string} */ to, mode = 0o644) => {
    const target = createWriteStream(join(stage, to), { mode });
    await pipeline(createReadStream(join(PACKAGE, 'bin', name)), createBrotliDecompress(), target);
  };
  await unpack('chromium.br', 'chromium', 0o755);
  for (const name of ['al2023', 'fonts', 'swiftshader']) {
    await unpack(`${name}.tar.br`, `${name}.tar`);
    const { status, stderr } = spawnSync('tar', ['-xf', `${name}.tar`], { cwd: stage, encoding: 'utf8' });
    if (status !== 0) throw new Error(`tar failed: ${stderr}`);
  }
  // Those of the machine, and those of the package for a machine that has none.
  const dirs = ['/usr/share/fonts', '/usr/local/share/fonts', join(folder, 'fonts')].map((dir) => `<dir>${dir}</dir>`);
  const config = `<fontconfig>${dirs.join('')}<cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>`;
  await writeFile(join(stage, 'fonts.conf'), config);
  // Another test may have been faster.
  await rename(stage, folder).catch(() => rm(stage, { recursive: true }));
}

/**
 * Starts a browser.
 * @param {Installed} installed
 */
export async function startChromium({ path, env }) {
  const profile = await mkdtemp(join(tmpdir(), 'wechatpay-presign-chromium-'));
  const flags = ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`, ...FLAGS, 'about:blank'];
  const browser = spawn(path, flags, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  browser.stderr?.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-4000);
  });
  const input = /** @type {import('node:stream').Writable} */ (browser.stdio[3]);
  const output = /** @type {import('node:stream').Readable} */ (browser.stdio[4]);

  let ids = 0;
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  /** @type {((message: { method: string, params: any, sessionId?: string }) => void)[]} */
  const listeners = [];
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop() ?? '';
    for (const text of messages) {
      const message = JSON.parse(text);
      const { id, result, error } = message;
      if (id === undefined) for (const listener of [...listeners]) listener(message);
      else if (error) waiting.get(id)?.reject(new Error(`${error.message} ${error.data ?? ''}`));
      else waiting.get(id)?.resolve(result);
      waiting.delete(id);
    }
  });
  const ended = once(browser, 'exit')
    .then(
      ([code]) => `ended with ${code}`,
      (error) => String(error),
    )
    .then((reason) => {
      for (const { reject } of waiting.values()) reject(new Error(`Chromium ${reason}: ${complaints}`));
      waiting.clear();
    });
  input.on('error', () => {});

  /**
   * @param {string} method
   * @param {object} [params]
   * @param {string} [sessionId]
   * @returns {Promise<any>}
   */
  function send(method, params = {}, sessionId) {
    const id = ++ids;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  const limit = setTimeout(() => browser.kill('SIGKILL'), 60_000);
  try {
    await send('Browser.getVersion');
  } catch (error) {
    await rm(profile, { recursive: true, force: true });
    throw error;
  } finally {
    clearTimeout(limit);
  }

  return {
    /**
     * Opens a page in its own tab.
     * @param {string} url
     * @param {{ language?: string, scheme?: 'light' | 'dark', width?: number, height?: number }} [options]
     */
    async open(url, { language = 'en-US,en', scheme = 'light', width = 1440, height = 900 } = {}) {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const ask = (/** @type {string} */ method, /** @type {object} */ params = {}) => send(method, params, sessionId);
      /** @type {string[]} */
      const errors = [];
      listeners.push(({ method, params, sessionId: from }) => {
        if (from !== sessionId) return;
        if (method === 'Runtime.exceptionThrown')
          errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
        if (method === 'Log.entryAdded' && params.entry.level === 'error')
          errors.push(`${params.entry.text} ${params.entry.url ?? ''}`);
      });
      for (const domain of ['Page', 'Runtime', 'Log']) await ask(`${domain}.enable`);
      await ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
      await ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
      const { userAgent } = await send('Browser.getVersion');
      await ask('Network.setUserAgentOverride', { userAgent, acceptLanguage: language });
      await ask('Page.navigate', { url });

      /**
       * Returns the value of an expression in the page. A promise is awaited.
       * @param {string} expression
       */
      async function evaluate(expression) {
        const { result, exceptionDetails } = await ask('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
      }

      return {
        evaluate,
        /** What the page complained about. */
        errors,
        /**
         * Waits until an expression is true. The page evaluates it after each change of its content.
         * @param {string} expression
         * @returns {Promise<any>}
         */
        async until(expression) {
          try {
            return await evaluate(`new Promise((resolve, reject) => {
              const check = () => {
                const value = (() => ${expression})();
                if (value) { observer.disconnect(); clearTimeout(limit); resolve(value); }
              };
              const observer = new MutationObserver(check);
              observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
              const limit = setTimeout(() => reject(new Error('never true: ' + ${JSON.stringify(expression)} + '\\n' + document.body.innerText)), 60000);
              check();
            })`);
          } catch (error) {
            // The page was reloaded in the meantime.
            if (/context was destroyed|Cannot find context|navigated/i.test(String(error)))
              return this.until(expression);
            throw error;
          }
        },
        /**
         * Clicks on the middle of an element, as a mouse does. Rows may move in the meantime: a click that would hit anything
         * else is swallowed, and tried again.
         * @param {string} expression  that gives the element
         */
        async click(expression) {
          for (;;) {
            const { x, y } = await this.until(`(() => {
              const element = ${expression};
              if (!element) return undefined;
              element.scrollIntoView({ block: 'center' });
              const { x, y, width, height } = element.getBoundingClientRect();
              return { x: x + width / 2, y: y + height / 2 };
            })()`);
            await evaluate(`void (window.endClick = new AbortController(), window.isHit = false,
              document.addEventListener('click', (event) => {
                window.isHit = Boolean((${expression})?.contains(event.target));
                if (!window.isHit) { event.stopImmediatePropagation(); event.preventDefault(); }
              }, { capture: true, signal: window.endClick.signal }))`);
            const button = { x, y, button: 'left', clickCount: 1 };
            await ask('Input.dispatchMouseEvent', { type: 'mousePressed', ...button });
            await ask('Input.dispatchMouseEvent', { type: 'mouseReleased', ...button });
            if (await evaluate('window.endClick.abort(), window.isHit')) return;
          }
        },
        /** @param {object} [options]  of Page.captureScreenshot */
        async screenshot(options = {}) {
          const { data } = await ask('Page.captureScreenshot', { format: 'png', ...options });
          return Buffer.from(data, 'base64');
        },
        ask,
      };
    },

    async close() {
      send('Browser.close').catch(() => {});
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
