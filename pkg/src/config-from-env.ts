// A client's configuration from environment variables.
import { asObject, fieldsOf, isBytes, kindOf, reading, shownName } from './arguments.js';
import type { ClientConfig } from './client/configuration.js';
import { IssueCollector } from './client/issue-collector.js';
import { InvalidParameterError } from './errors.js';
import { hostReadFile, type ReadFile } from './file-reader.js';

/**
 * Options of {@link configFromEnv}.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 *
 * const options: ConfigFromEnvOptions = { readFile: (path) => readFileSync(`/run/secrets/${path}`, 'utf8') };
 * ```
 */
export interface ConfigFromEnvOptions {
  /**
   * Reads the files, PEM or DER, that `WECHATPAY_PRIVATE_KEY_FILE` and `WECHATPAY_PUBLIC_KEY_FILE` name. Default: `readFileSync` of
   * `node:fs`, where the host has it.
   */
  readFile?: ((path: string) => string | Uint8Array) | undefined;
}

/**
 * Reads a client's configuration from environment variables, the same ones as the command line:
 *
 * | variable | |
 * | --- | --- |
 * | `WECHATPAY_MCHID` | the merchant number |
 * | `WECHATPAY_SERIAL` | the serial number of the merchant API certificate |
 * | `WECHATPAY_PRIVATE_KEY` or `WECHATPAY_PRIVATE_KEY_FILE` | the merchant’s private key: a PEM, or the path of one |
 * | `WECHATPAY_PUBLIC_KEY_ID` | the id of WeChat Pay's public key, `PUB_KEY_ID_…` |
 * | `WECHATPAY_PUBLIC_KEY` or `WECHATPAY_PUBLIC_KEY_FILE` | WeChat Pay's public key: a PEM, or the path of one |
 * | `WECHATPAY_API_V3_KEY` | the APIv3 key. Without a public key, it is required, and certificates are downloaded |
 * | `WECHATPAY_BASE_URL` | optional: the origin of another API, such as the sandbox's |
 *
 * An empty variable counts as missing. In a PEM, line breaks may be written as `\n`. Only the presence of the variables is
 * checked here; `createClient` checks their values.
 *
 * @param env - The variables, such as `process.env` or a Worker's `env`.
 * @param options - How to read files, if not from the host: {@link ConfigFromEnvOptions}.
 * @returns A configuration for `createClient`. Add options of your own to it.
 * @throws {@link InvalidParameterError} with every variable that is missing, or that contradicts another one.
 *
 * @example
 * ```js
 * const client = createClient({ ...configFromEnv(process.env), timeoutMs: 5000 });
 * ```
 */
export function configFromEnv(env: object, options: ConfigFromEnvOptions = {}): ClientConfig {
  const variables = asObject('env', env);
  const { readFile: given, ...unknown } = fieldsOf('options', options);
  const issues = new IssueCollector();
  const readFile = (given ?? hostReadFile()) as ReadFile | undefined;
  if (given !== undefined && typeof given !== 'function') {
    issues.reject('readFile', 'type', `must be a function, but is ${kindOf(given)}`);
  }
  for (const name of Object.keys(unknown)) {
    issues.reject(shownName(name), 'unknown-field', 'is not an option; the only option is readFile');
  }
  issues.throwIfAny();

  function read(name: string): string | undefined {
    const value = reading('env', () => variables[name]);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    issues.reject(name, 'type', `must be a string, but is ${kindOf(value)}`);
    return undefined;
  }

  function require(name: string, content: string): string {
    const value = read(name);
    if (value === undefined) issues.reject(name, 'required', `is not set: it holds ${content}`);
    return value ?? '';
  }

  /** A PEM, from its own variable or from the file that another variable names. */
  function requirePem(name: string, content: string): string | Uint8Array {
    const file = `${name}_FILE`;
    const [pem, path] = [read(name), read(file)];
    if (pem === undefined && path === undefined) {
      issues.reject(name, 'required', `is not set, nor is ${file}: they hold ${content}, or its path`);
    } else if (pem !== undefined && path !== undefined) {
      issues.reject(file, 'choice', `and ${name} are both set: remove one of them`);
    } else if (pem !== undefined && /\.(?:pem|key|der)$/i.test(pem)) {
      issues.reject(name, 'key', `holds a path, not a key: put the path into ${file}`);
    } else if (path !== undefined && readFile === undefined) {
      issues.reject(file, 'choice', `cannot be read, because this host has no files: put the PEM into ${name}`);
    }
    if (pem !== undefined || path === undefined || typeof readFile !== 'function') return pem ?? '';
    try {
      const content = readFile(path);
      if (typeof content === 'string' || isBytes(content)) return content;
      issues.reject('readFile', 'type', `must return a string or bytes, but returned ${kindOf(content)}`);
      return '';
    } catch (cause) {
      throw InvalidParameterError.about(file, 'choice', 'names a file that cannot be read', { cause });
    }
  }

  function readCerts(): Record<string, string | Uint8Array> {
    const names = ['WECHATPAY_PUBLIC_KEY_ID', 'WECHATPAY_PUBLIC_KEY', 'WECHATPAY_PUBLIC_KEY_FILE'];
    if (apiV3Key !== undefined && names.every((name) => read(name) === undefined)) return {};
    const orDownload = apiV3Key === undefined ? '; or set WECHATPAY_API_V3_KEY alone to download certificates' : '';
    const id = require('WECHATPAY_PUBLIC_KEY_ID', `the id of WeChat Pay’s public key (PUB_KEY_ID_…)${orDownload}`);
    return { [id]: requirePem('WECHATPAY_PUBLIC_KEY', 'WeChat Pay’s public key') };
  }

  const mchid = require('WECHATPAY_MCHID', 'the merchant number (商户号)');
  const serial = require('WECHATPAY_SERIAL', 'the serial number of the merchant API certificate');
  const privateKey = requirePem('WECHATPAY_PRIVATE_KEY', 'the merchant’s private key (apiclient_key.pem)');
  const apiV3Key = read('WECHATPAY_API_V3_KEY');
  const certs = readCerts();
  const baseUrl = read('WECHATPAY_BASE_URL');
  issues.throwIfAny();
  return {
    mchid,
    serial,
    privateKey,
    certs,
    ...(apiV3Key !== undefined && { apiV3Key }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}
