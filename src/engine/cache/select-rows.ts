import type { KeysValues, PastKeysValues } from '../session/step-input.ts';
import { copyPair } from './copy-floats.ts';

/** Some rows as a past of their own: in place if they are the first ones in order, else copied layer by layer. */
export function selectRows(past: PastKeysValues, rows: readonly number[]): PastKeysValues {
  if (rows.every((row, index) => row === index)) return past;
  const all = Math.max(...rows) + 1;
  return { capacity: past.capacity, view: (layer) => copyRows(past.view(layer, all), rows, all) };
}

/** @param source keys and values of `all` rows */
function copyRows(source: KeysValues, rows: readonly number[], all: number): KeysValues {
  const floats = source.keys.length / all;
  const copy = {
    keys: new Float32Array(rows.length * floats),
    values: new Float32Array(rows.length * floats),
  };
  for (const [index, row] of rows.entries()) copyPair(source, row * floats, floats, copy, index * floats);
  return copy;
}
