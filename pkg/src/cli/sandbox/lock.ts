/** Prevents two sandboxes from using one folder. */
import { randomUUID } from 'node:crypto';
import { link, rename, rm, stat, writeFile } from 'node:fs/promises';
import { CommandError } from '../errors.js';
import { errorCode, readIfExists, reasonOf, writeAtomically } from '../files.js';

export interface Lock {
  /** The id that the server returns at INSTANCE_PATH. */
  id: string;
  /** Records the address of the sandbox, so that others can find it. */
  publish(url: string): Promise<void>;
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  id: string;
  /** Undefined until the server listens. */
  url?: string;
}

/** A sandbox that is not listening after this time died during its start. */
const STARTING_MS = 120_000;

/** The path at which a sandbox returns its id. */
export const INSTANCE_PATH = '/__sandbox/instance';

/** Throws if a running sandbox holds the lock. Takes over the lock of a sandbox that has died. */
export async function acquireLock(path: string): Promise<Lock> {
  const id = randomUUID();
  const holder: Holder = { pid: process.pid, id };
  while (!(await create(path, holder))) {
    const found = await read(path);
    if (found === undefined) continue; // it was released meanwhile
    if (found && (await isRunning(found, path))) {
      const where = found.url ? ` at ${found.url}` : '';
      throw new CommandError(
        `another sandbox (process ${found.pid}) uses this folder${where}: stop it, or give this one its own folder with --dir`,
      );
    }
    await removeStale(path, id);
  }

  return {
    id,
    async publish(url) {
      // Another process may have checked the lock at the same time, and taken it first.
      if ((await read(path))?.id !== id) {
        throw new CommandError('another sandbox started in this folder at the same time: start this one again');
      }
      await writeAtomically(path, JSON.stringify({ ...holder, url }), { mode: 0o600 });
    },
    async release() {
      if ((await read(path).catch(() => null))?.id === id) await rm(path, { force: true });
    },
  };
}

/** Creates the lock and its content in one step. Returns false if a lock exists. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const beside = `${path}.${holder.id}.tmp`;
  try {
    await writeFile(beside, JSON.stringify(holder), { mode: 0o600 });
    await link(beside, path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false;
    throw new CommandError(`cannot write ${path}: ${reasonOf(cause)}`, { cause });
  } finally {
    await rm(beside, { force: true });
  }
}

/** Null if the file is not a lock; undefined if there is no file. */
async function read(path: string): Promise<Holder | null | undefined> {
  const text = await readIfExists(path);
  if (text === undefined) return undefined;
  try {
    const { pid, id, url } = Object(JSON.parse(text));
    if (!Number.isInteger(pid) || pid < 1 || typeof id !== 'string') return null;
    return { pid, id, ...(typeof url === 'string' && { url }) };
  } catch {
    return null;
  }
}

/** The process of a lock may have died, and its number may belong to another process by now. */
async function isRunning({ pid, id, url }: Holder, path: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (url === undefined) return pid !== process.pid && (await ageOf(path)) < STARTING_MS;
  try {
    const response = await fetch(new URL(INSTANCE_PATH, url), { redirect: 'error', signal: AbortSignal.timeout(2000) });
    return Object(await response.json()).id === id;
  } catch (error) {
    return Object(error).name === 'TimeoutError'; // it is busy
  }
}

/** Zero if the file no longer exists: another sandbox is taking the lock. */
async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM'; // it belongs to another user
  }
}

/** Two processes may find the same stale lock. Only one of them can rename it. */
async function removeStale(path: string, id: string): Promise<void> {
  const away = `${path}.${id}.stale.tmp`;
  try {
    await rename(path, away);
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw new CommandError(`cannot remove ${path}: ${reasonOf(cause)}`, { cause });
  }
  await rm(away, { force: true });
}
