import { closeSync, openSync, writeSync } from 'node:fs';
import { readSafetensorsHeader } from '../../src/model/checkpoint/safetensors.ts';
import type { Dtype } from './safetensors-file.ts';

export type Damage = 'NaN' | 'Infinity' | '-Infinity';

/** Little-endian bytes. */
const BYTES: Record<Dtype, Record<Damage, string>> = {
  F32: { NaN: '0000c07f', Infinity: '0000807f', '-Infinity': '000080ff' },
  F16: { NaN: '007e', Infinity: '007c', '-Infinity': '00fc' },
  BF16: { NaN: 'c07f', Infinity: '807f', '-Infinity': '80ff' },
};

/** Overwrites one number of a tensor. */
export function damageTensor(path: string, tensor: string, element: number, damage: Damage): void {
  const { dtype, offset } = readSafetensorsHeader(path).tensors.get(tensor)!;
  const bytes = Buffer.from(BYTES[dtype as Dtype][damage], 'hex');
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset + element * bytes.length);
  closeSync(file);
}
