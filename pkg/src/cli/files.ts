/** Reads and writes files. Errors are sentences. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import nodePath, { dirname, resolve } from 'node:path';
import { CommandError, UsageError } from './errors.js';

/** The system's error codes for denied access to a file. */
const REASONS = new Map([
  ['ENOENT', 'it does not exist'],
  ['EACCES', 'access to it is denied'],
  ['EPERM', 'access to it is denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of its path is not a folder'],
  ['EEXIST', 'a file of that name is in the way'],
  ['ENOSPC', 'the disk is full'],
  ['EROFS', 'the disk is read-only'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EMFILE', 'too many files are open'],
  ['ELOOP', 'its links lead in a circle'],
]);

/** The reason why a file cannot be used, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  return REASONS.get(code ?? '') ?? code ?? 'the system gave no reason';
}

export function errorCode(error: unknown): string | undefined {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}

/** The most bytes that a command reads. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Reads a file that the user has named. */
export async function readBytes(
  path: string,
  { cwd, limit = MAX_BYTES, signal }: { cwd: string; limit?: number; signal?: AbortSignal },
): Promise<Uint8Array> {
  const resolved = resolve(cwd, path);
  try {
    const file = await open(resolved, 'r');
    return await readAll(file.createReadStream(signal && { signal }), resolved, limit);
  } catch (cause) {
    if (cause instanceof CommandError || signal?.aborted) throw cause;
    throw new UsageError(`cannot read ${resolved}: ${reasonOf(cause)}`, { cause });
  }
}

/** Reads to the end. The size of a pipe or a device is not known in advance. */
export async function readAll(
  source: AsyncIterable<string | Uint8Array>,
  name: string,
  limit = MAX_BYTES,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    size += bytes.length;
    if (size > limit) throw new UsageError(`${name} is larger than ${limit / 1024 / 1024} MiB`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Reads a file as text. */
export async function readText(path: string, options: { cwd: string; limit?: number }): Promise<string> {
  return decode(await readBytes(path, options), path);
}

/** Decodes UTF-8, and removes a byte order mark. */
export function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError(`${name} is not UTF-8 text`, { cause });
  }
}

/** Reads a file if it exists. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new CommandError(`cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
}

export async function makeFolder(path: string, mode = 0o755): Promise<void> {
  try {
    await makeLevels(resolve(path), mode);
  } catch (cause) {
    throw new CommandError(`cannot make the folder ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Node.js's own `recursive` never ends in /proc, which reports that it does not exist. */
async function makeLevels(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeLevels(dirname(path), mode);
      await mkdir(path, { mode });
    } else if (!(await isFolder(path))) {
      throw error;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** Writes a file atomically: writes a temporary file in the same folder, then renames it. */
export async function writeAtomically(path: string, text: string, { mode = 0o644 } = {}): Promise<void> {
  const temporary = temporaryPath(path, randomBytes(6).toString('hex'));
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new CommandError(`cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** A name in the same folder, and so on the same disk, where renaming is atomic. */
export function temporaryPath(path: string, suffix: string, { dirname, basename, join } = nodePath): string {
  return join(dirname(path), `.${basename(path)}.${suffix}.tmp`);
}
