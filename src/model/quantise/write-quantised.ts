import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import { type HeaderEntry, readSafetensorsHeader, safetensorsStart } from '../checkpoint/safetensors.ts';
import { expectedTensors, isOfOneExit } from '../checkpoint/tensor-names.ts';
import type { WeightsFile } from '../checkpoint/weights/tensor-place.ts';
import { dtypeUnder, type QuantisedPrecision } from './precision.ts';
import { type QuantisedDtype, quantiseRows } from './quantise.ts';
import { partsOf, tensorsFor } from './stored-tensors.ts';
import { piecesOf, type WeightPiece } from './weight-pieces.ts';

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

/** Bytes of weights that `writeQuantised` will write. */
export function bytesWhenQuantised(checkpoint: Checkpoint, precision: QuantisedPrecision): number {
  const stored = [...tensorsOf(checkpoint)].flatMap(([name, shape]) => tensorsFor(name, shape, precision));
  return stored.reduce((sum, [, shape, dtypes]) => sum + bytesOf(shape, dtypes![0]!), 0);
}

const bytesOf = (shape: readonly number[], dtype: string) =>
  shape.reduce((product, size) => product * size, dtype === 'F32' ? 4 : 1);

function tensorsOf({ architecture, exitHeads }: Checkpoint) {
  return expectedTensors(architecture, exitHeads);
}

function* writeFile(
  { tensors, changes }: Checkpoint,
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
      const pieces = piecesOf(tensor, changes.get(name));
      if (dtype === 'F32') yield* copyFloats(pieces, target, offsets.get(name)!);
      else yield* quantise(pieces, { tensor, name, dtype, target, offsets });
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
    const bytes = bytesOf(shape, dtype);
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const header = safetensorsStart(entries);
  const offsets = new Map([...starts].map(([name, offset]) => [name, header.length + offset]));
  return { header, offsets };
}

function* copyFloats(pieces: Iterable<WeightPiece>, target: number, offset: number): Generator<number> {
  for (const { values, first, bytes } of pieces) {
    write(target, values, offset + first * 4);
    yield bytes;
  }
}

interface QuantisedTensor {
  readonly tensor: CheckpointTensor;
  readonly name: string;
  readonly dtype: QuantisedDtype;
  readonly target: number;
  readonly offsets: ReadonlyMap<string, number>;
}

function* quantise(
  pieces: Iterable<WeightPiece>,
  { tensor, name, dtype, target, offsets }: QuantisedTensor,
): Generator<number> {
  const columns = tensor.shape[1]!;
  const parts = partsOf(name);
  const next = { codes: offsets.get(parts.codes)!, scales: offsets.get(parts.scales)!, zeros: 0 };
  if (dtype === 'int4') next.zeros = offsets.get(parts.zeros)!;
  for (const { values, bytes } of pieces) {
    const rows = orRefuse(tensor, name, () => quantiseRows(values, columns, dtype));
    for (const part of ['codes', 'scales', 'zeros'] as const) {
      write(target, rows[part], next[part]);
      next[part] += rows[part].byteLength;
    }
    yield bytes;
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
