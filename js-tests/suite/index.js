/**
 * Tests of the package's behaviour that run in every runtime. The caller passes the fixtures, which
 * js-tests/runtimes/fixtures.js makes outside the runtime.
 */
import certificates from './certificates.js';
import client from './client.js';
import configFromEnv from './config-from-env.js';
import errors from './errors.js';
import explanations from './explanations.js';
import foreignCode from './foreign-code.js';
import hostile from './hostile.js';
import keys from './keys.js';
import load from './load.js';
import mainJob from './main-job.js';
import notificationHandling from './notification-handling.js';
import notifications from './notifications.js';
import payment from './payment.js';
import presign from './presign.js';
import resilience from './resilience.js';
import sensitiveFields from './sensitive-field.js';
import signers from './signers.js';
import signing from './signing.js';
import testing from './testing.js';
import transactions from './transactions.js';
import transfer from './transfer.js';
import transport from './transport.js';
import verification from './verification.js';

/**
 * @typedef {Awaited<ReturnType<typeof import('../runtimes/fixtures.js').makeFixtures>> & {
 *   gateway: { baseUrl: string, control: string },
 *   files?: string[] }} Fixtures  `files` names the files to run; without it, all of them run
 *
 * @typedef {object} Suite  passed to each file of tests
 * @property {Fixtures} fixtures
 * @property {(name: string, run: () => unknown) => void} test
 *
 * @typedef {{ name: string, error?: string }} Result
 */

// The first file must run first: it checks the state before anything is called.
const FILES = {
  resilience,
  presign,
  signing,
  keys,
  verification,
  errors,
  notifications,
  'notification handling': notificationHandling,
  'sensitive fields': sensitiveFields,
  payment,
  client,
  transactions,
  'config from env': configFromEnv,
  certificates,
  transport,
  transfer,
  signers,
  explanations,
  testing,
  hostile,
  'foreign code': foreignCode,
  'main job': mainJob,
  load,
};

/**
 * Runs all tests, one after the other.
 * @param {Fixtures} fixtures
 * @returns {Promise<Result[]>}
 */
export async function runSuite(fixtures) {
  /** @type {Result[]} */
  const results = [];
  for (const [file, define] of Object.entries(FILES)) {
    if (fixtures.files?.length && !fixtures.files.includes(file)) continue;
    /** @type {{ name: string, run: () => unknown }[]} */
    const tests = [];
    await define({ fixtures, test: (name, run) => tests.push({ name: `${file}: ${name}`, run }) });
    for (const { name, run } of tests) results.push(await outcome(name, run));
  }
  return results;
}

/**
 * @param {string} name
 * @param {() => unknown} run
 * @returns {Promise<Result>}
 */
async function outcome(name, run) {
  try {
    await run();
    return { name };
  } catch (error) {
    return { name, error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
  }
}
