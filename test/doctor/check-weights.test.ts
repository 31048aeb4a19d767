import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectWeights } from '../../src/doctor/check-weights.ts';
import { type Damage, damageTensor } from '../support/damage-tensor.ts';
import { type Dtype, writeSafetensors } from '../support/safetensors-file.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { writeTorchFile } from '../support/torch-file.ts';

const path = join(tempFolder(), 'model.safetensors');
/** The second takes two pieces of 4 MiB in float32. */
const SIZES = { a: 3, b: 1_500_000, c: 1 };
const write = (dtype: Dtype, shift = 0) => {
  const tensors = Object.entries(SIZES).map(([name, size]) => {
    const values = new Float32Array(size).fill(1.5);
    return { name, shape: [size], values };
  });
  writeSafetensors(path, tensors, dtype, shift);
};

describe('inspectWeights', () => {
  it.each<[Dtype, number]>([
    ['F32', 0],
    ['F32', 3],
    ['BF16', 1],
  ])('gives the sha256 of a file of %s whose tensors are %d bytes off', async (dtype, shift) => {
    write(dtype, shift);
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    expect(await inspectWeights(path)).toEqual({ sha256, damaged: new Map() });
  });

  it.each<[Dtype, Damage]>([
    ['F32', 'NaN'],
    ['F32', '-Infinity'],
    ['F16', 'Infinity'],
    ['F16', 'NaN'],
    ['BF16', 'NaN'],
    ['BF16', '-Infinity'],
  ])('counts numbers of %s that are %s, by tensor', async (dtype, damage) => {
    write(dtype, 1);
    for (const element of [0, 1_048_575, 1_048_576, 1_499_999]) damageTensor(path, 'b', element, damage);
    damageTensor(path, 'c', 0, damage);
    expect([...(await inspectWeights(path)).damaged]).toEqual([
      ['b', 4],
      ['c', 1],
    ]);
  });

  it('reads every byte of a file of PyTorch once, whose tensors lie apart or share a storage', async () => {
    const shared = join('test', 'golden', 'torch', 'shared.bin');
    const sha256 = createHash('sha256').update(readFileSync(shared)).digest('hex');
    expect(await inspectWeights(shared)).toEqual({ sha256, damaged: new Map() });
    const bytes: number[] = [];
    await inspectWeights(shared, { onBytes: (count) => bytes.push(count) });
    expect(bytes.reduce((sum, count) => sum + count)).toBe(statSync(shared).size);
  });

  it('counts numbers of a file of PyTorch that are not finite', async () => {
    const bin = path.replace('model.safetensors', 'pytorch_model.bin');
    const values = Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY);
    writeTorchFile(bin, [{ name: 'a', shape: [3], values }], 'F32');
    expect([...(await inspectWeights(bin)).damaged]).toEqual([['a', 2]]);
  });

  it('passes the largest numbers there are', async () => {
    const values = Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45);
    writeSafetensors(path, [{ name: 'a', shape: [3], values }], 'F32');
    expect((await inspectWeights(path)).damaged.size).toBe(0);
  });

  it('ends when it is interrupted', async () => {
    write('F32');
    await expect(inspectWeights(path, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
