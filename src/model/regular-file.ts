import { statSync } from 'node:fs';
import { InputError } from '../errors.ts';

/**
 * Size of a file in bytes. A symbolic link counts as the file that it leads to, since Hugging Face's cache is made of
 * links; a pipe or a device does not, since it might never end.
 * @throws InputError `not-found` or `not-readable`
 */
export function regularFileBytes(path: string, expected: string, fix: string): number {
  const refused = (code: 'not-found' | 'not-readable', found: string, cause?: unknown) =>
    new InputError({ code, where: path, expected, found, fix, cause });
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
  } catch (cause) {
    const errno = (cause as NodeJS.ErrnoException).code;
    const isMissing = errno === 'ENOENT' || errno === 'ENOTDIR';
    throw refused(isMissing ? 'not-found' : 'not-readable', isMissing ? 'no such file' : `${errno}`, cause);
  }
  throw refused('not-readable', 'something that is no file');
}

/** A name that cannot lead out of its folder, on any system. */
export function isPlainFileName(name: unknown): name is string {
  return typeof name === 'string' && /^[^/\\:\0]+$/.test(name) && name !== '.' && name !== '..';
}
