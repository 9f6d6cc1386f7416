/** The folder of a sandbox: its keys, the `.env` for the application, and a lock. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../errors.js';
import { makeFolder, readIfExists, reasonOf, writeAtomically } from '../files.js';
import { ENV_MARKER, formatEnv, type Variables, variablesOf } from './env-file.js';
import { FILES, formatKeys, makeSandboxKeys, readSandboxKeys, type SandboxKeys } from './keys.js';
import { acquireLock, type Lock } from './lock.js';

export interface Folder {
  keys: SandboxKeys;
  /** Whether the keys were made now. */
  isNew: boolean;
  lock: Lock;
  /** Writes the `.env`. */
  writeEnv(baseUrl: string): Promise<{ path: string; text: string; variables: Variables }>;
}

const PRIVATE = { mode: 0o600 };

/**
 * Makes the folder and its keys, or reads those of an earlier run. The caller must release the lock.
 *
 * @param path - An absolute path.
 */
export async function openFolder(path: string): Promise<Folder> {
  await makeFolder(path, 0o700);
  await checkContent(path);
  const lock = await acquireLock(join(path, FILES.lock));
  try {
    await writeAtomically(join(path, FILES.gitignore), '*\n');
    const isNew = !(await namesIn(path)).includes(FILES.keys);
    const keys = isNew ? await makeSandboxKeys() : await readSandboxKeys(path);
    const merchantKey = join(path, FILES.merchantKey);
    const platformKey = join(path, FILES.platformKey);
    await writeAtomically(merchantKey, keys.merchant.privateKey, PRIVATE);
    await writeAtomically(platformKey, keys.platform.publicKey);
    // Last, so that a folder with this file has the others too.
    if (isNew) await writeAtomically(join(path, FILES.keys), formatKeys(keys), PRIVATE);
    return {
      keys,
      isNew,
      lock,
      async writeEnv(baseUrl) {
        const env = join(path, FILES.env);
        const variables = variablesOf({ keys, merchantKey, platformKey, baseUrl });
        const text = formatEnv(variables);
        await writeAtomically(env, text, PRIVATE);
        return { path: env, text, variables };
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The sandbox writes a `.gitignore` and an `.env`. It must not overwrite those of a project. */
async function checkContent(path: string): Promise<void> {
  const names = await namesIn(path);
  const ours: readonly string[] = Object.values(FILES);
  const isOurs = names.includes(FILES.keys) || names.every((name) => ours.includes(name) || name.endsWith('.tmp'));
  const env = join(path, FILES.env);
  const isOurEnv = ((await readIfExists(env)) ?? ENV_MARKER).startsWith(ENV_MARKER);
  if (isOurs && isOurEnv) return;
  const found = isOurs ? `${env} was not written by a sandbox` : `the folder ${path} holds other files`;
  throw new CommandError(`${found}: give the sandbox a folder of its own with --dir, since it writes a .env there`);
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw new CommandError(`cannot read the folder ${path}: ${reasonOf(cause)}`, { cause });
  }
}
