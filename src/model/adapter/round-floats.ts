import type { Dtype } from '../checkpoint/safetensors.ts';

/**
 * Rounds float32 numbers in place to the nearest ones that `dtype` has, halves to even, as PyTorch does. What is too
 * large for it becomes infinite.
 */
export function roundFloats(values: Float32Array, dtype: Dtype): void {
  if (dtype === 'BF16') roundToBfloat16(values);
  if (dtype === 'F16')
    for (let index = 0; index < values.length; index++) values[index] = toFloat16(values[index]!);
}

/** The bytes of rounded numbers in their dtype, little-endian. */
export function encodeFloats(values: Float32Array, dtype: Dtype): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const words = wordsOf(values);
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < halves.length; index++) {
    halves[index] = dtype === 'BF16' ? words[index]! >>> 16 : float16Bits(values[index]!);
  }
  return new Uint8Array(halves.buffer);
}

const wordsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** A bfloat16 is the upper half of a float32. */
function roundToBfloat16(values: Float32Array): void {
  const words = wordsOf(values);
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    // Rounding would turn some NaN into infinity.
    if ((word & 0x7fffffff) > 0x7f800000) continue;
    words[index] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
}

const SMALLEST_NORMAL = 2 ** -14;
const LARGEST = 65504;

/** IEEE 754 binary16: 10 fraction bits, exponents from −14 on. */
function toFloat16(value: number): number {
  const size = Math.abs(value);
  const unit = 2 ** (exponentOf(size) - 10);
  const rounded = toEven(size / unit) * unit;
  const nearest = rounded > LARGEST ? Number.POSITIVE_INFINITY : rounded;
  return isNegative(value) ? -nearest : nearest;
}

const isNegative = (value: number) => value < 0 || Object.is(value, -0);

function float16Bits(value: number): number {
  const sign = isNegative(value) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (!(size <= LARGEST)) return sign | 0x7c00 | (Number.isNaN(size) ? 0x200 : 0);
  if (size < SMALLEST_NORMAL) return sign | (size * 2 ** 24);
  const exponent = exponentOf(size);
  return sign | ((exponent + 15) << 10) | ((size / 2 ** exponent - 1) * 1024);
}

/** Of a float16 of this size, at least −14. */
function exponentOf(size: number): number {
  return size < SMALLEST_NORMAL || !Number.isFinite(size) ? -14 : Math.floor(Math.log2(size));
}

function toEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : floor + 1;
}
