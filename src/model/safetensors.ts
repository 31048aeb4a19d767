import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { z } from 'zod';
import { checkSchema, parseJson } from '../data/json-file.ts';
import { InputError } from '../errors.ts';

/** Bytes per element of the dtypes that LLaMA checkpoints come in. */
export const BYTES_PER_ELEMENT = { F32: 4, F16: 2, BF16: 2 } as const;
export type Dtype = keyof typeof BYTES_PER_ELEMENT;

/** Where one tensor lies: `bytes` bytes from byte `offset` of the file, row-major. */
export interface TensorPlace {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

export interface SafetensorsFile {
  readonly path: string;
  readonly fileBytes: number;
  readonly tensors: ReadonlyMap<string, TensorPlace>;
}

/** The format's own limit (huggingface/safetensors README): a larger header is refused. */
const MAX_HEADER_BYTES = 100_000_000;
const FIX = 'Copy or download the file again.';

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/**
 * Reads the header of a safetensors file; the weights themselves stay on disk.
 * @throws InputError `bad-checkpoint` when the header or an offset does not fit the file
 */
export function readSafetensorsHeader(path: string): SafetensorsFile {
  const file = openFile(path);
  try {
    const fileBytes = fstatSync(file).size;
    const header = readHeaderText(file, path, fileBytes);
    const entries = checkSchema(parseJson(header.text, path, FIX), z.record(z.string(), z.unknown()), {
      path,
      fix: FIX,
      code: 'bad-checkpoint',
    });
    const tensors = new Map<string, TensorPlace>();
    for (const [name, entry] of Object.entries(entries)) {
      if (name !== '__metadata__') tensors.set(name, readEntry(path, name, entry, header.end, fileBytes));
    }
    refuseOverlap(path, tensors);
    return { path, fileBytes, tensors };
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    if (statSync(path).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return openSync(path, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new InputError({
      code: code === 'ENOENT' ? 'not-found' : 'not-readable',
      where: path,
      expected: 'a safetensors file',
      found: code === 'ENOENT' ? 'nothing' : String(code),
      fix: FIX,
      cause,
    });
  }
}

/** Tensors that share bytes are refused, as the format demands: such a file does not hold what its header says. */
function refuseOverlap(path: string, tensors: ReadonlyMap<string, TensorPlace>): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes);
  for (const [index, [name, { offset }]] of inOrder.entries()) {
    const [earlierName, earlier] = inOrder[index - 1] ?? ['', { offset: 0, bytes: 0 }];
    const end = earlier.offset + earlier.bytes;
    if (offset < end) {
      throw broken(`${path}: ${name}`, `to start at byte ${end}, after ${earlierName}`, `byte ${offset}`);
    }
  }
}

function readHeaderText(file: number, path: string, fileBytes: number): { text: string; end: number } {
  const length = Buffer.alloc(8);
  const lengthBytes = readSync(file, length, 0, 8, 0);
  const headerBytes = lengthBytes === 8 ? Number(length.readBigUInt64LE()) : 0;
  if (headerBytes > Math.min(MAX_HEADER_BYTES, fileBytes - 8)) {
    throw broken(
      path,
      'a header that ends inside the file',
      `${fileBytes} bytes, header of ${headerBytes} bytes`,
    );
  }
  const header = Buffer.alloc(headerBytes);
  readSync(file, header, 0, headerBytes, 8);
  return { text: header.toString('utf8'), end: 8 + headerBytes };
}

function readEntry(
  path: string,
  name: string,
  entry: unknown,
  dataStart: number,
  fileBytes: number,
): TensorPlace {
  const { dtype, shape, data_offsets } = checkSchema(entry, entrySchema, {
    path: `${path}: ${name}`,
    fix: FIX,
    code: 'bad-checkpoint',
  });
  const [begin, end] = data_offsets;
  const bytes = end - begin;
  if (bytes < 0 || dataStart + end > fileBytes) {
    const found = `bytes ${dataStart + begin} to ${dataStart + end} of ${fileBytes}`;
    throw broken(`${path}: ${name}`, 'a tensor inside the file', found);
  }
  const elementBytes = BYTES_PER_ELEMENT[dtype as Dtype];
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elementBytes !== undefined && bytes !== elements * elementBytes) {
    const expected = `${elements * elementBytes} bytes for ${dtype} [${shape}]`;
    throw broken(`${path}: ${name}`, expected, `${bytes}`);
  }
  return { dtype, shape, offset: dataStart + begin, bytes };
}

function broken(where: string, expected: string, found: string): InputError {
  return new InputError({ code: 'bad-checkpoint', where, expected, found, fix: FIX });
}
