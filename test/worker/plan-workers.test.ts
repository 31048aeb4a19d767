import { describe, expect, it } from 'vitest';
import { planWorkers, type WorkerNeeds } from '../../src/worker/plan-workers.ts';

const GB = 1e9;
const plan = (changes: Partial<WorkerNeeds>) =>
  planWorkers({
    cores: 8,
    count: 1000,
    workerBytes: 0.8 * GB,
    cacheBytes: 1 * GB,
    freeBytes: 100 * GB,
    ...changes,
  });

describe('the number of workers', () => {
  it('is one per core, each with one thread, where memory holds their weights', () => {
    expect(plan({})).toEqual({ workers: 8, threads: 1, reason: 'one per core' });
    expect(plan({ cores: 1 })).toMatchObject({ workers: 1 });
  });

  it('is what 80 % of the free memory holds beside the caches; these workers divide the cores', () => {
    // A worker takes its weights, its batch and 0.2 GB more: (0.8 × 6.25 − 1) / 1 = 4.
    expect(plan({ freeBytes: 6.25 * GB })).toMatchObject({ workers: 4, threads: 2 });
    expect(plan({ freeBytes: 6.24 * GB })).toMatchObject({ workers: 3, threads: 2 });
    expect(plan({ freeBytes: 6.24 * GB }).reason).toBe(
      'memory: 1.0 GB for each and 1.0 GB for caches that all share, within 80 % of 6.2 GB free',
    );
  });

  it('is one with all cores where memory holds no more, or too little', () => {
    for (const freeBytes of [3 * GB, 1 * GB, 0]) {
      const { threads, workers } = plan({ freeBytes, workerBytes: 26 * GB });
      expect({ threads, workers }).toEqual({ workers: 1 });
    }
  });

  it('is at most that of the pieces of work', () => {
    expect(plan({ count: 3 })).toMatchObject({ workers: 3, threads: 2 });
    expect(plan({ count: 1 })).toMatchObject({ workers: 1 });
    expect(plan({ count: 0 })).toMatchObject({ workers: 1 });
  });

  it('is the one that is demanded, whatever memory there seems to be', () => {
    expect(plan({ wanted: 2 })).toEqual({ workers: 2, threads: 4, reason: 'as --workers demands' });
    expect(plan({ wanted: 9, freeBytes: 0 })).toMatchObject({ workers: 9, threads: 1 });
    expect(plan({ wanted: 9, count: 2 })).toMatchObject({ workers: 2, threads: 4 });
  });
});
