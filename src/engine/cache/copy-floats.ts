import type { KeysValues } from '../session/step-input.ts';

/** A view of an array costs as much as copying this many numbers one by one. */
const FEW_FLOATS = 128;

/** Copies `count` numbers of the keys and of the values. */
export function copyPair(
  source: KeysValues,
  start: number,
  count: number,
  target: KeysValues,
  offset: number,
): void {
  copyFloats(source.keys, start, count, target.keys, offset);
  copyFloats(source.values, start, count, target.values, offset);
}

export function copyFloats(
  source: Float32Array,
  start: number,
  count: number,
  target: Float32Array,
  offset: number,
): void {
  if (count > FEW_FLOATS) target.set(source.subarray(start, start + count), offset);
  else for (let index = 0; index < count; index++) target[offset + index] = source[start + index]!;
}

/** All parts, one after the other. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
