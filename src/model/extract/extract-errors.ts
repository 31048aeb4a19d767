import { dirname, resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { Manifest } from '../folder/manifest.ts';

export function folderExists(out: string): InputError {
  return new InputError({
    code: 'not-writable',
    where: out,
    expected: 'a folder that does not exist yet',
    found: 'an existing one',
    fix: 'Name another folder, or remove this one.',
  });
}

export function cannotWrite(out: string, cause: unknown): InputError {
  return new InputError({
    code: 'not-writable',
    where: out,
    expected: `to write a checkpoint in ${dirname(resolve(out))}`,
    found: String((cause as NodeJS.ErrnoException).code ?? cause),
    fix: 'Name a folder on a disk that is writable and has room.',
    cause,
  });
}

export function tooLittleRoom(out: string, needed: number, free: number): InputError {
  return new InputError({
    code: 'not-writable',
    where: out,
    expected: `${gigabytes(needed)} free on its disk`,
    found: gigabytes(free),
    fix: 'Name a folder on another disk, or one exit instead of all.',
  });
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;

export function quantisedFolder(folder: string, { precision, source }: Manifest): InputError {
  return new InputError({
    code: 'unsupported-model',
    where: folder,
    expected: 'a checkpoint, or a model folder of fp32, whose weights are the checkpoint’s own',
    found: `a model folder of ${precision}, which lacks them`,
    fix: source.adapter
      ? `Import ${source.adapter} with --base ${source.folder} at fp32, and give that folder.`
      : `Give the checkpoint that it was imported from: ${source.folder}.`,
  });
}

export function withoutConfig(folder: string, { source }: Manifest): InputError {
  return new InputError({
    code: 'not-found',
    where: folder,
    expected: `config.json, here or in ${source.folder}, from which it was imported`,
    found: 'no such file',
    fix: 'Give the checkpoint itself, or copy its config.json into the model folder.',
  });
}

export function otherConfig(path: string): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where: path,
    expected: 'the network that the model folder was imported from',
    found: 'another one',
    fix: 'Give the checkpoint itself, or copy the right config.json into the model folder.',
  });
}

export function withoutHead(where: string, exit: number, exits: readonly number[]): InputError {
  return new InputError({
    code: 'unknown-exit',
    where,
    expected: `an exit with a head: ${exits.join(', ')}`,
    found: `${exit}`,
    fix: 'Name one of these.',
  });
}

export function withoutLayers(where: string, exit: number, layers: number): InputError {
  return new InputError({
    code: 'unknown-exit',
    where,
    expected: `a number of layers from 1 to ${layers}`,
    found: `${exit}`,
    fix: 'Name another exit.',
  });
}
