import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idealSeconds, idealSpeedup, workOf } from '../../scripts/bench/ideal.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { readManifest } from '../../src/model/folder/read-manifest.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('ideal speed', () => {
  const folder = join(tempFolder(), 'model');
  importCheckpoint('eval-data/nano/models/sft', folder);
  const { architecture } = readManifest(folder);
  const step = (layers: number, rows = 1) =>
    workOf(architecture, { layers, rows, step: 1, past: 0, headRows: rows });
  const slowMemory = { flopsPerSecond: 1e18, bytesPerSecond: 1e9 };
  const slowArithmetic = { flopsPerSecond: 1e9, bytesPerSecond: 1e18 };

  it('counts every weight of the layers and the head twice as arithmetic, once as four bytes', () => {
    const { hiddenSize: D, intermediateSize: F, heads, kvHeads, headDim, vocabSize: V } = architecture;
    const weights = 10 * (2 * D * heads * headDim + 2 * D * kvHeads * headDim + 3 * D * F) + V * D;
    expect(step(10).bytes).toBe(4 * weights);
    // The new token looks at itself, which costs a little more.
    expect(step(10).flops).toBe(2 * weights + 10 * 4 * heads * headDim);
  });

  it('reads weights once for all rows, but computes for each', () => {
    expect(step(10, 16).bytes).toBe(step(10).bytes);
    expect(step(10, 16).flops).toBe(16 * step(10).flops);
  });

  it('grows with the keys and values that a token looks back at', () => {
    const { kvHeads, headDim } = architecture;
    const later = workOf(architecture, { layers: 10, rows: 3, step: 1, past: 7, headRows: 3 });
    expect(later.bytes - step(10, 3).bytes).toBe(4 * 10 * 2 * 3 * 7 * kvHeads * headDim);
  });

  it('is bound by whichever of memory and arithmetic takes longer', () => {
    expect(idealSeconds(step(10), slowMemory)).toBeCloseTo(step(10).bytes / 1e9, 12);
    expect(idealSeconds(step(10), slowArithmetic)).toBeCloseTo(step(10).flops / 1e9, 12);
  });

  it('promises less than the inverse of the depth, since the head does not shrink', () => {
    expect(idealSpeedup(step(5), step(10), slowMemory)).toBeGreaterThan(1);
    expect(idealSpeedup(step(5), step(10), slowMemory)).toBeLessThan(2);
    expect(idealSpeedup(step(10), step(10), slowMemory)).toBe(1);
  });
});
