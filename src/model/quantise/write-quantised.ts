import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import {
  BYTES_PER_ELEMENT,
  type HeaderEntry,
  readSafetensorsHeader,
  safetensorsStart,
} from '../checkpoint/safetensors.ts';
import { expectedTensors, isOfOneExit } from '../checkpoint/tensor-names.ts';
import type { WeightsFile } from '../checkpoint/weights/tensor-place.ts';
import { dtypeUnder, type QuantisedPrecision } from './precision.ts';
import { type QuantisedDtype, quantiseRows } from './quantise.ts';
import { readFloats } from './read-weight.ts';
import { partsOf, tensorsFor } from './stored-tensors.ts';

/** Numbers in memory at a time, unless a single row has more. */
const PIECE_NUMBERS = 1 << 20;
const FILE = 'quantised.safetensors';
/** Heads lie in a file of their own, so that the layers' file equals that of the SFT model byte for byte. */
const HEADS_FILE = 'quantised_exit_heads.safetensors';

type NamedShape = readonly [name: string, shape: readonly number[]];

/**
 * Writes a checkpoint's weights as integers into files of their own, a piece of a tensor at a time, and
 * yields after each piece the number of bytes that it read of the checkpoint.
 * @throws InputError `bad-checkpoint` for a weight that is not finite
 */
export function* writeQuantised(
  checkpoint: Checkpoint,
  folder: string,
  precision: QuantisedPrecision,
): Generator<number> {
  const all = [...tensorsOf(checkpoint)];
  const isHead = ([name]: NamedShape) => isOfOneExit(name);
  const groups = [
    { file: FILE, held: all.filter((tensor) => !isHead(tensor)) },
    { file: HEADS_FILE, held: all.filter(isHead) },
  ];
  for (const { file, held } of groups) {
    if (held.length > 0) yield* writeFile(checkpoint, join(folder, file), held, precision);
  }
}

/** Headers of what `writeQuantised` wrote. */
export function quantisedFiles({ exitHeads }: Checkpoint, folder: string): WeightsFile[] {
  const hasOwn = exitHeads.heads.length + exitHeads.norms.length > 0;
  const names = hasOwn ? [FILE, HEADS_FILE] : [FILE];
  return names.map((name) => readSafetensorsHeader(join(folder, name)));
}

/** Bytes that `writeQuantised` will read. */
export function bytesToQuantise(checkpoint: Checkpoint): number {
  let bytes = 0;
  for (const [name] of tensorsOf(checkpoint)) bytes += checkpoint.tensors.get(name)!.bytes;
  return bytes;
}

function tensorsOf({ architecture, exitHeads }: Checkpoint) {
  return expectedTensors(architecture, exitHeads);
}

function* writeFile(
  { tensors }: Checkpoint,
  path: string,
  held: readonly NamedShape[],
  precision: QuantisedPrecision,
): Generator<number> {
  const { header, offsets } = layOut(held, precision);
  const target = openSync(path, 'wx');
  try {
    write(target, header, 0);
    for (const [name, shape] of held) {
      const dtype = dtypeUnder(precision, name, shape);
      const tensor = tensors.get(name)!;
      if (dtype === 'F32') yield* copyFloats(tensor, target, offsets.get(name)!);
      else yield* quantise(tensor, name, dtype, target, offsets);
    }
  } finally {
    closeSync(target);
  }
}

/** Floats come first, so that they are aligned; offsets count from the start of the file. */
function layOut(held: readonly NamedShape[], precision: QuantisedPrecision) {
  const stored = held.flatMap(([name, shape]) => tensorsFor(name, shape, precision));
  const inOrder = ['F32', 'U8'].flatMap((dtype) => stored.filter(([, , dtypes]) => dtypes![0] === dtype));
  const entries: Record<string, HeaderEntry> = {};
  const starts = new Map<string, number>();
  let end = 0;
  for (const [name, shape, dtypes] of inOrder) {
    const dtype = dtypes![0]!;
    starts.set(name, end);
    const bytes = shape.reduce((product, size) => product * size, dtype === 'F32' ? 4 : 1);
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const header = safetensorsStart(entries);
  const offsets = new Map([...starts].map(([name, offset]) => [name, header.length + offset]));
  return { header, offsets };
}

function* copyFloats(tensor: CheckpointTensor, target: number, offset: number): Generator<number> {
  for (const { values, first, bytes } of piecesOf(tensor)) {
    write(target, values, offset + first * 4);
    yield bytes;
  }
}

function* quantise(
  tensor: CheckpointTensor,
  name: string,
  dtype: QuantisedDtype,
  target: number,
  offsets: ReadonlyMap<string, number>,
): Generator<number> {
  const columns = tensor.shape[1]!;
  const parts = partsOf(name);
  const next = { codes: offsets.get(parts.codes)!, scales: offsets.get(parts.scales)!, zeros: 0 };
  if (dtype === 'int4') next.zeros = offsets.get(parts.zeros)!;
  for (const { values, bytes } of piecesOf(tensor)) {
    const rows = orRefuse(tensor, name, () => quantiseRows(values, columns, dtype));
    for (const part of ['codes', 'scales', 'zeros'] as const) {
      write(target, rows[part], next[part]);
      next[part] += rows[part].byteLength;
    }
    yield bytes;
  }
}

/** Whole rows of a matrix, or all of a vector, as float32. */
function* piecesOf({ file, dtype, shape, offset }: CheckpointTensor) {
  const columns = shape.at(-1)!;
  const rows = shape.length === 1 ? 1 : shape[0]!;
  const rowsAtOnce = Math.max(1, Math.floor(PIECE_NUMBERS / columns));
  const source = openSync(file, 'r');
  try {
    for (let row = 0; row < rows; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - row) * columns;
      const first = row * columns;
      const values = readFloats(source, { dtype, offset }, first, count);
      yield { values, first, bytes: count * BYTES_PER_ELEMENT[dtype] };
    }
  } finally {
    closeSync(source);
  }
}

function write(file: number, data: NodeJS.ArrayBufferView, position: number): void {
  for (let done = 0; done < data.byteLength; )
    done += writeSync(file, data, done, data.byteLength - done, position + done);
}

function orRefuse<T>({ file }: CheckpointTensor, name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError({
      code: 'bad-checkpoint',
      where: `${file}: ${name}`,
      expected: 'finite numbers',
      found: cause.message,
      fix: 'Download or train the checkpoint again.',
      cause,
    });
  }
}
