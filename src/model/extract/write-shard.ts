import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import { BYTES_PER_ELEMENT, type HeaderEntry, safetensorsStart } from '../checkpoint/safetensors.ts';
import type { NamedPlace } from './exit-tensors.ts';
import type { Shard } from './plan-shards.ts';

/** In memory at a time. */
const PIECE_BYTES = 4 << 20;

/**
 * Copies tensors, byte for byte, into a new safetensors file and yields the bytes of each piece.
 * @throws InputError `not-readable` when a file of the source has become shorter
 */
export function* writeShard({ file, tensors }: Shard, folder: string): Generator<number> {
  const inOrder = byAlignment(tensors);
  const target = openSync(join(folder, file), 'wx');
  try {
    writeAll(target, safetensorsStart(entriesOf(inOrder), { format: 'pt' }));
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (const [, place] of inOrder) yield* copyTensor(place, target, piece);
  } finally {
    closeSync(target);
  }
}

/** Wide numbers first, as the safetensors library does: then all are aligned. */
function byAlignment(tensors: readonly NamedPlace[]): NamedPlace[] {
  const width = ([, { dtype }]: NamedPlace) => BYTES_PER_ELEMENT[dtype];
  return [...tensors].sort((a, b) => width(b) - width(a));
}

function entriesOf(tensors: readonly NamedPlace[]): Record<string, HeaderEntry> {
  let end = 0;
  const entries = tensors.map(([name, { dtype, shape, bytes }]): [string, HeaderEntry] => {
    const start = end;
    end += bytes;
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  return Object.fromEntries(entries);
}

function* copyTensor({ file, offset, bytes }: CheckpointTensor, target: number, piece: Buffer) {
  const source = openSync(file, 'r');
  try {
    for (let done = 0; done < bytes; ) {
      const read = readSync(source, piece, 0, Math.min(piece.length, bytes - done), offset + done);
      if (read === 0) throw becameShorter(file);
      writeAll(target, piece.subarray(0, read));
      done += read;
      yield read;
    }
  } finally {
    closeSync(source);
  }
}

function writeAll(file: number, data: Buffer): void {
  for (let done = 0; done < data.length; ) done += writeSync(file, data, done);
}

function becameShorter(file: string): InputError {
  return new InputError({
    code: 'not-readable',
    where: file,
    expected: 'all of its weights',
    found: 'a file that has become shorter meanwhile',
    fix: 'Extract again when nothing else writes it.',
  });
}
