import { closeSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { InputError } from '../../core/errors.ts';
import { danglingTarget, snapshotFix } from './hub-cache.ts';

/**
 * Size of a file in bytes. A symbolic link counts as the file that it leads to, since Hugging Face's cache is
 * made of links; a pipe or a device does not, since it might never end.
 * @throws InputError `not-found` or `not-readable`
 */
export function regularFileBytes(path: string, expected: string, fix: string): number {
  const refused = (code: 'not-found' | 'not-readable', found: string, cause?: unknown) =>
    new InputError({ code, where: path, expected, found, fix, cause });
  try {
    const stats = statSync(path);
    if (stats.isFile() && !isLfsPointer(path, stats.size)) return stats.size;
    if (stats.isFile()) throw lfsPointer(path, expected);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    if (isMissing(cause)) throw missing(path, expected, fix, cause);
    throw refused('not-readable', `${(cause as NodeJS.ErrnoException).code}`, cause);
  }
  throw refused('not-readable', 'something other than a file');
}

function missing(path: string, expected: string, fix: string, cause: unknown): InputError {
  const found = danglingTarget(path) ?? 'no such file';
  const where = path;
  return new InputError({ code: 'not-found', where, expected, found, fix: snapshotFix(path) ?? fix, cause });
}

const LFS = 'version https://git-lfs';
const MAX_LFS_BYTES = 1024;

/** `git clone` without Git LFS leaves a few lines in the place of each large file. */
function isLfsPointer(path: string, bytes: number): boolean {
  if (bytes < LFS.length || bytes > MAX_LFS_BYTES) return false;
  return readFilePart(path, { offset: 0, bytes: LFS.length }, '').toString('latin1') === LFS;
}

function lfsPointer(path: string, expected: string): InputError {
  return new InputError({
    code: 'not-found',
    where: path,
    expected,
    found: 'a pointer of Git LFS, not the file itself',
    fix: 'Run git lfs pull in its folder, or download the file.',
  });
}

/**
 * The bytes of a part of a file; fewer where the file ends before it does.
 * @throws InputError `not-readable`
 */
export function readFilePart(
  path: string,
  { offset, bytes }: { readonly offset: number; readonly bytes: number },
  fix: string,
): Buffer {
  const buffer = Buffer.alloc(bytes);
  const file = openForReading(path, fix);
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, offset));
  } catch (cause) {
    throw notReadable(path, fix, cause);
  } finally {
    closeSync(file);
  }
}

/**
 * A file descriptor, which the caller closes.
 * @throws InputError `not-readable`
 */
export function openForReading(path: string, fix: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw notReadable(path, fix, cause);
  }
}

function notReadable(path: string, fix: string, cause: unknown): InputError {
  const found = String((cause as NodeJS.ErrnoException).code);
  const expected = 'a readable file';
  return new InputError({ code: 'not-readable', where: path, expected, found, fix, cause });
}

/** Whether the path exists; unlike for `existsSync`, a link that leads nowhere counts. */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    // Reading it will report what else is wrong.
    return !isMissing(error);
  }
}

/** A name that cannot lead out of its folder, on any system. */
export function isPlainFileName(name: unknown): name is string {
  return typeof name === 'string' && /^[^/\\:\0]+$/.test(name) && name !== '.' && name !== '..';
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(`${(error as NodeJS.ErrnoException).code}`);
}
