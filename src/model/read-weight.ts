import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { WeightPlace } from './graph-builder.ts';

/**
 * Reads one weight of a model folder into memory as float32, row-major. For the few weights that a graph takes as
 * inputs; all others stay in their file.
 */
export function readWeight(folder: string, { file, dtype, offset, bytes }: WeightPlace): Float32Array {
  const data = new Uint8Array(bytes);
  const handle = openSync(join(folder, file), 'r');
  try {
    for (let done = 0; done < bytes; ) {
      const read = readSync(handle, data, done, bytes - done, offset + done);
      if (read === 0) throw new Error(`${file} ended inside a weight`);
      done += read;
    }
  } finally {
    closeSync(handle);
  }
  if (dtype === 'F32') return new Float32Array(data.buffer);
  const halves = new Uint16Array(data.buffer);
  return dtype === 'BF16' ? fromBfloat16(halves) : Float32Array.from(halves, fromFloat16);
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  const words = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(words.buffer);
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
