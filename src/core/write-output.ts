import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from './errors.ts';

/**
 * Writes a file for people to read, and makes the folders above it.
 * @param what it is, with its article: `a figure`
 * @throws InputError `not-writable`
 */
export function writeOutput(path: string, bytes: Buffer, what: string, fix: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  } catch (cause) {
    throw new InputError({
      code: 'not-writable',
      where: path,
      expected: `to write ${what}`,
      found: String((cause as NodeJS.ErrnoException).code),
      fix,
      cause,
    });
  }
}
