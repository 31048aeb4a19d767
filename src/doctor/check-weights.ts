import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type Dtype, isKnownDtype, readSafetensorsHeader } from '../model/checkpoint/safetensors.ts';

/** What one pass over a safetensors file finds. */
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
 * Reads a safetensors file once, from start to end.
 * @throws InputError for a damaged header; the signal's reason when it is aborted
 */
export async function inspectWeights(
  path: string,
  { signal, onBytes }: ReadOptions = {},
): Promise<WeightsReport> {
  const { tensors } = readSafetensorsHeader(path);
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset);
  const hash = createHash('sha256');
  const damaged = new Map<string, number>();
  const take = (piece: Uint8Array) => {
    hash.update(piece);
    onBytes?.(piece.length);
  };
  const file = await open(path);
  try {
    const dataStart = inOrder[0]?.[1].offset ?? 0;
    for await (const piece of pieces(file, 0, dataStart, signal)) take(piece);
    // Tensors follow each other without a gap, so this reads all bytes of the file in order.
    for (const [name, { dtype, offset, bytes }] of inOrder) {
      let count = 0;
      for await (const piece of pieces(file, offset, bytes, signal)) {
        take(piece);
        if (isKnownDtype(dtype)) count += countDamaged(piece, dtype);
      }
      if (count > 0) damaged.set(name, count);
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), damaged };
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
