import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { checkSchema, decodeUtf8, parseJson } from '../../data/json-file.ts';
import { readFilePart, regularFileBytes } from './regular-file.ts';
import type { TensorPlace, WeightsFile } from './weights/tensor-place.ts';

/** Bytes per element of the dtypes that LLaMA checkpoints come in. */
export const BYTES_PER_ELEMENT = { F32: 4, F16: 2, BF16: 2 } as const;
export type Dtype = keyof typeof BYTES_PER_ELEMENT;

/** The same for everything that a model folder may hold: codes of quantised weights are bytes. */
const STORED_BYTES: ReadonlyMap<string, number> = new Map([...Object.entries(BYTES_PER_ELEMENT), ['U8', 1]]);

export const isKnownDtype = (dtype: string): dtype is Dtype => Object.hasOwn(BYTES_PER_ELEMENT, dtype);

/** The format's own limit (huggingface/safetensors README): a larger header is refused. */
const MAX_HEADER_BYTES = 100_000_000;
const FIX = 'Copy or download the file again.';

/** The length is checked before the sizes: each of a million wrong ones would be an error of its own. */
const shapeSchema = z.array(z.unknown()).max(8).pipe(z.array(z.int().nonnegative()));
const entrySchema = z.object({
  dtype: z.string(),
  shape: shapeSchema,
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
/** Not `z.record`, which would drop a tensor by the name of `__proto__`. */
const headerSchema = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not an object',
);

/**
 * Reads the header of a safetensors file; the weights themselves stay on disk. As the format demands, the
 * tensors must cover the rest of the file without gaps or overlaps; otherwise the file does not match its
 * header.
 * @throws InputError `bad-checkpoint` when the header or an offset does not fit the file
 */
export function readSafetensorsHeader(path: string): WeightsFile {
  const fileBytes = regularFileBytes(path, 'a safetensors file', FIX);
  const { text, end } = readHeaderText(path, fileBytes);
  const place = { path, fix: FIX, code: 'bad-checkpoint' } as const;
  const header = checkSchema(parseJson(text, path, FIX), headerSchema, place);
  const tensors = new Map<string, TensorPlace>();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') tensors.set(name, readEntry(path, name, entry, end));
  }
  requireGapless(path, tensors, end, fileBytes);
  return { path, fileBytes, tensors };
}

function readHeaderText(path: string, fileBytes: number): { text: string; end: number } {
  const length = readFilePart(path, { offset: 0, bytes: 8 }, FIX);
  const headerBytes = length.length === 8 ? Number(length.readBigUInt64LE()) : 0;
  if (headerBytes > Math.min(MAX_HEADER_BYTES, fileBytes - 8)) {
    throw broken(
      path,
      'a header that ends inside the file',
      `${fileBytes} bytes, header of ${headerBytes} bytes`,
    );
  }
  const header = readFilePart(path, { offset: 8, bytes: headerBytes }, FIX);
  // 0x7b: the format allows no white space and no byte order mark before it.
  if (header[0] !== 0x7b) throw broken(path, 'a header that starts with {', `one of ${headerBytes} bytes`);
  return { text: decodeUtf8(header, path, FIX), end: 8 + headerBytes };
}

function readEntry(path: string, name: string, entry: unknown, dataStart: number): TensorPlace {
  const where = `${path}: ${name}`;
  const place = { path: where, fix: FIX, code: 'bad-checkpoint' } as const;
  const { dtype, shape, data_offsets } = checkSchema(entry, entrySchema, place);
  const [start, end] = data_offsets;
  const bytes = end - start;
  if (bytes < 0) throw broken(where, 'a tensor that ends after its start', `bytes ${start} to ${end}`);
  const elementBytes = STORED_BYTES.get(dtype);
  if (elementBytes !== undefined) {
    const expected = shape.reduce((product, size) => product * size, elementBytes);
    if (bytes !== expected) throw broken(where, `${expected} bytes for ${dtype} [${shape}]`, `${bytes}`);
  }
  return { dtype, shape, offset: dataStart + start, bytes };
}

function requireGapless(
  path: string,
  tensors: ReadonlyMap<string, TensorPlace>,
  dataStart: number,
  fileBytes: number,
): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes);
  let [end, before] = [dataStart, 'the header'];
  for (const [name, { offset, bytes }] of inOrder) {
    const where = `${path}: ${name}`;
    if (offset !== end) throw broken(where, `to start at byte ${end}, after ${before}`, `byte ${offset}`);
    end = offset + bytes;
    if (end > fileBytes) throw broken(where, 'a tensor inside the file', `bytes to ${end} of ${fileBytes}`);
    before = name;
  }
  if (end !== fileBytes)
    throw broken(path, `a file of ${end} bytes, as its header describes`, `${fileBytes} bytes`);
}

function broken(where: string, expected: string, found: string): InputError {
  return new InputError({ code: 'bad-checkpoint', where, expected, found, fix: FIX });
}

/** One tensor of a header: its bytes count from the end of the header on. */
export interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

/**
 * The start of a safetensors file, which the tensors follow. Its length is a multiple of 8, so that they are
 * aligned as the header places them.
 * @param metadata texts for readers; transformers refuses a file without `format`
 */
export function safetensorsStart(
  entries: Readonly<Record<string, HeaderEntry>>,
  metadata?: Readonly<Record<string, string>>,
): Buffer {
  const text = JSON.stringify(metadata ? { __metadata__: metadata, ...entries } : entries);
  const bytes = Buffer.byteLength(text);
  const padded = Math.ceil(bytes / 8) * 8;
  const start = Buffer.alloc(8 + padded, ' ');
  start.writeBigUInt64LE(BigInt(padded));
  start.write(text, 8);
  return start;
}
