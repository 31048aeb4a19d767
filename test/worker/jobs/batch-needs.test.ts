import { describe, expect, it } from 'vitest';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { openBytes } from '../../../src/model/folder/sizes/model-size.ts';
import { batchDemand, batchNeedsOf, fittingBatch, OWN_BYTES } from '../../../src/worker/jobs/batch-needs.ts';
import { planWorkers } from '../../../src/worker/plan-workers.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const MB = 1e6;
const { modelFolder: folder } = importRandomModel(tempFolder(), 'model', {});
const needs = { folder, batchSize: 32, rowBytes: 10 * MB, cacheBytes: 100 * MB };
/** Free memory of which 80 % hold the cache, and the weights and so many rows of each worker. */
const freeFor = (rows: number, workers = 1) =>
  (needs.cacheBytes + workers * (openBytes(readManifest(folder)) + OWN_BYTES + rows * needs.rowBytes)) / 0.8;

describe('the rows of a batch', () => {
  it('are those wanted where memory holds them', () => {
    expect(fittingBatch(needs, 1, freeFor(32) + 1)).toBe(32);
    expect(fittingBatch(needs, 1, 1e12)).toBe(32);
  });

  it('are as many as memory holds beside the weights and caches of all workers', () => {
    expect(fittingBatch(needs, 1, freeFor(7.5))).toBe(7);
    expect(fittingBatch(needs, 3, freeFor(7.5, 3))).toBe(7);
  });

  it('are one where memory holds less', () => {
    for (const freeBytes of [freeFor(0.5), 0]) expect(fittingBatch(needs, 1, freeBytes)).toBe(1);
  });

  it('are all of them in each of the workers that memory was found to hold', () => {
    const { count, workerBytes = 0, cacheBytes } = batchDemand(needs, 1000);
    const each = openBytes(readManifest(folder)) + workerBytes;
    for (const freeBytes of [freeFor(33, 2), freeFor(33, 5), freeFor(40, 8)]) {
      const { workers } = planWorkers({ cores: 8, count, workerBytes: each, cacheBytes, freeBytes });
      expect(workers).toBeGreaterThan(1);
      expect(fittingBatch(needs, workers, freeBytes)).toBe(32);
    }
  });

  it('are of the longest prompt and a whole response', () => {
    const rowBytes = (prompts: string[], maxNewTokens: number) =>
      batchNeedsOf(folder, prompts, { maxNewTokens, batchSize: 1 }).rowBytes;
    expect(rowBytes(['x'.repeat(40), 'x'], 10)).toBe(3 * rowBytes(['x'.repeat(20)], 0));
  });
});
