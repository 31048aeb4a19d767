import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import {
  BYTES_PER_ELEMENT,
  type Dtype,
  type HeaderEntry,
  safetensorsStart,
} from '../checkpoint/safetensors.ts';
import { piecesOf } from '../quantise/weight-pieces.ts';
import { encodeFloats } from './round-floats.ts';

/** The matrices that an adapter changes, in a model folder of fp32. */
export const MERGED_FILE = 'merged.safetensors';

/** Bytes that `writeMerged` writes. */
export function mergedBytes(checkpoint: Checkpoint): number {
  return layOut(checkpoint).reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Writes the tensors that an adapter changes, merged into those of its base, a piece of a tensor at a time, and yields
 * the bytes of each piece.
 * @throws InputError `bad-checkpoint` for a merged weight that is not finite
 */
export function* writeMerged(checkpoint: Checkpoint, folder: string): Generator<number> {
  const laidOut = layOut(checkpoint);
  const target = openSync(join(folder, MERGED_FILE), 'wx');
  try {
    writeAll(target, safetensorsStart(entriesOf(laidOut), { format: 'pt' }));
    for (const { name, dtype } of laidOut) {
      for (const { values } of piecesOf(checkpoint.tensors.get(name)!, checkpoint.changes.get(name))) {
        const bytes = encodeFloats(values, dtype);
        writeAll(target, bytes);
        yield bytes.byteLength;
      }
    }
  } finally {
    closeSync(target);
  }
}

interface LaidOut {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** Wide numbers first, so that all are aligned. */
function layOut({ tensors, changes }: Checkpoint): LaidOut[] {
  const all = [...changes].map(([name, { dtype }]) => {
    const { shape } = tensors.get(name)!;
    return {
      name,
      dtype,
      shape,
      bytes: shape.reduce((product, size) => product * size, BYTES_PER_ELEMENT[dtype]),
    };
  });
  return all.sort((a, b) => BYTES_PER_ELEMENT[b.dtype] - BYTES_PER_ELEMENT[a.dtype]);
}

function entriesOf(laidOut: readonly LaidOut[]): Record<string, HeaderEntry> {
  let end = 0;
  const entries = laidOut.map(({ name, dtype, shape, bytes }): [string, HeaderEntry] => {
    end += bytes;
    return [name, { dtype, shape, data_offsets: [end - bytes, end] }];
  });
  return Object.fromEntries(entries);
}

function writeAll(file: number, data: Uint8Array): void {
  for (let done = 0; done < data.byteLength; ) done += writeSync(file, data, done);
}
