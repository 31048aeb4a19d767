import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { BYTES_PER_ELEMENT, type Dtype, isKnownDtype } from '../model/checkpoint/safetensors.ts';
import type { TensorPlace, WeightsFile } from '../model/checkpoint/weights/tensor-place.ts';
import { readWeightsFile } from '../model/checkpoint/weights/weights-file.ts';

/** What one pass over a file of weights finds. */
export interface WeightsReport {
  readonly sha256: string;
  /** Tensors that hold NaN or infinity, with how many. */
  readonly damaged: ReadonlyMap<string, number>;
}

interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Called after every piece that was read, for a progress bar. */
  readonly onBytes?: (bytes: number) => void;
}

const PIECE_BYTES = 1 << 22;
/** A float is NaN or infinite if all bits of its exponent are set. */
const EXPONENT: Record<Dtype, number> = { F32: 0x7f800000, F16: 0x7c00, BF16: 0x7f80 };

/**
 * Reads a file of weights once, from start to end.
 * @throws InputError for a damaged header; the signal's reason when it is aborted
 */
export async function inspectWeights(
  path: string,
  { signal, onBytes }: ReadOptions = {},
): Promise<WeightsReport> {
  const parts = partsOf(readWeightsFile(path));
  const hash = createHash('sha256');
  const damaged = new Map<string, number>();
  const file = await open(path);
  try {
    for (const { name, dtype, offset, bytes } of parts) {
      let count = 0;
      for await (const piece of pieces(file, offset, bytes, signal)) {
        hash.update(piece);
        onBytes?.(piece.length);
        if (dtype !== undefined && isKnownDtype(dtype)) count += countDamaged(piece, dtype);
      }
      if (count > 0) damaged.set(name, count);
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), damaged };
}

interface Part extends Pick<TensorPlace, 'offset' | 'bytes'> {
  readonly name: string;
  /** Undefined for what lies between tensors. */
  readonly dtype?: string;
}

/** All bytes of a file in order: tensors, and what lies between them. Bytes that two tensors share come once. */
function* partsOf({ tensors, fileBytes }: WeightsFile): Generator<Part> {
  let end = 0;
  for (const [name, { dtype, offset, bytes }] of inFileOrder(tensors)) {
    if (offset > end) yield { name: 'between tensors', offset: end, bytes: offset - end };
    const start = Math.max(offset, end);
    if (offset + bytes <= start) continue;
    const isWhole = !isKnownDtype(dtype) || (start - offset) % BYTES_PER_ELEMENT[dtype] === 0;
    yield { name, offset: start, bytes: offset + bytes - start, ...(isWhole && { dtype }) };
    end = offset + bytes;
  }
  yield { name: 'after the tensors', offset: end, bytes: fileBytes - end };
}

function inFileOrder(tensors: WeightsFile['tensors']) {
  return [...tensors].sort(([, a], [, b]) => a.offset - b.offset);
}

async function* pieces(file: FileHandle, start: number, bytes: number, signal?: AbortSignal) {
  const buffer = new Uint8Array(Math.min(PIECE_BYTES, bytes));
  for (let done = 0; done < bytes; ) {
    signal?.throwIfAborted();
    const wanted = Math.min(buffer.length, bytes - done);
    for (let filled = 0; filled < wanted; ) {
      const { bytesRead } = await file.read(buffer, filled, wanted - filled, start + done + filled);
      if (bytesRead === 0) throw new Error('the file became shorter while it was read');
      filled += bytesRead;
    }
    yield buffer.subarray(0, wanted);
    done += wanted;
  }
}

/** `piece` starts at a number and holds whole ones. */
function countDamaged(piece: Uint8Array, dtype: Dtype): number {
  const exponent = EXPONENT[dtype];
  const words =
    dtype === 'F32'
      ? new Uint32Array(piece.buffer, 0, piece.length / 4)
      : new Uint16Array(piece.buffer, 0, piece.length / 2);
  let count = 0;
  for (const word of words) if ((word & exponent) === exponent) count++;
  return count;
}
