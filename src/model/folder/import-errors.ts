import { dirname, resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { MANIFEST_FILE } from './manifest.ts';

export function alreadyThere(out: string, replace: boolean): InputError {
  return new InputError({
    code: 'not-writable',
    where: out,
    expected: replace
      ? `a model folder (with ${MANIFEST_FILE}) to replace`
      : 'a folder that does not exist yet',
    found: replace ? 'something else' : 'an existing one',
    fix: replace ? 'Name another folder.' : 'Name another folder, or give --replace.',
  });
}

export function notWritable(out: string, cause: unknown): InputError {
  return new InputError({
    code: 'not-writable',
    where: out,
    expected: `to write a model folder in ${dirname(resolve(out))}`,
    found: String((cause as NodeJS.ErrnoException).code ?? cause),
    fix: 'Name a folder on a disk that is writable and has room.',
    cause,
  });
}
