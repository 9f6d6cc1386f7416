/** The keys of a sandbox. They are made once, and kept in its folder. */
import { join } from 'node:path';
import {
  makeCertificate,
  makeMerchant,
  makePlatformKey,
  type TestCertificate,
  type TestMerchant,
  type TestPlatformKey,
} from 'wechatpay-presign/testing';
import { CommandError, UsageError } from '../errors.js';
import { readIfExists } from '../files.js';

/** The names of the files in the folder. */
export const FILES = {
  gitignore: '.gitignore',
  env: '.env',
  keys: 'keys.json',
  merchantKey: 'merchant.key',
  platformKey: 'platform.pub',
  lock: 'sandbox.lock',
} as const;

export interface SandboxKeys {
  merchant: TestMerchant;
  /** The public key that the sandbox signs with by default. */
  platform: TestPlatformKey;
  /** The certificates that `GET /v3/certificates` lists. */
  certificate: TestCertificate;
}

const MERCHANT = ['mchid', 'serial', 'privateKey', 'publicKey', 'apiV3Key'];
const PLATFORM = ['serial', 'privateKey', 'publicKey'];
const CERTIFICATE = [...PLATFORM, 'certificate', 'effective_time', 'expire_time'];

export async function makeSandboxKeys(): Promise<SandboxKeys> {
  const [merchant, platform, certificate] = await Promise.all([makeMerchant(), makePlatformKey(), makeCertificate()]);
  return { merchant, platform, certificate };
}

export function formatKeys({ merchant, platform, certificate }: SandboxKeys): string {
  return `${JSON.stringify({ version: 1, merchant, platform, certificate }, null, 2)}\n`;
}

/** Reads the keys that an earlier sandbox wrote into this folder. */
export async function readSandboxKeys(directory: string): Promise<SandboxKeys> {
  const path = join(directory, FILES.keys);
  const text = await readIfExists(path);
  if (text === undefined) {
    throw new UsageError(`there is no ${path}: start the sandbox first, with npx wechatpay-presign sandbox`);
  }
  const keys = parseKeys(text);
  if (keys) return keys;
  throw new CommandError(
    `${path} does not hold the keys of a sandbox: delete ${directory}, and the sandbox makes new ones`,
  );
}

function parseKeys(text: string): SandboxKeys | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { version, merchant, platform, certificate } = Object(parsed);
  const isComplete =
    version === 1 && hasTexts(merchant, MERCHANT) && hasTexts(platform, PLATFORM) && hasTexts(certificate, CERTIFICATE);
  return isComplete ? { merchant, platform, certificate } : undefined;
}

function hasTexts(value: unknown, names: string[]): boolean {
  return names.every((name) => typeof Object(value)[name] === 'string');
}
