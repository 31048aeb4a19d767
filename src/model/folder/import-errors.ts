import { dirname, resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { WeightsFile } from '../checkpoint/weights/tensor-place.ts';
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

export function tooLittleRoom(folder: string, needed: number, free: number): InputError {
  return new InputError({
    code: 'not-writable',
    where: dirname(resolve(folder)),
    expected: `${megabytes(needed)} free on its disk`,
    found: megabytes(free),
    fix: 'Name a folder on another disk, or on that of the checkpoint, whose weights are then linked.',
  });
}

/** @param files that cannot be linked */
export function copyRefused(folder: string, files: readonly WeightsFile[]): InputError {
  const bytes = files.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  return new InputError({
    code: 'not-writable',
    where: files[0]!.path,
    expected: `weights that can be linked into ${dirname(resolve(folder))}, as --link-only demands`,
    found: `another file system, or another user’s files: ${megabytes(bytes)} would be copied`,
    fix: 'Name a folder on the file system of the checkpoint, or leave --link-only out.',
  });
}

export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

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
