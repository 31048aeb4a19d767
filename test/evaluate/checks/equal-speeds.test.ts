import { describe, expect, it } from 'vitest';
import { compareSpeeds, equalSpeedsCheck } from '../../../src/evaluate/checks/equal-speeds.ts';
import { saveTimed } from '../../support/timed-speed.ts';
import { fakeModel, fakeRun } from '../fake-run.ts';

const timed = (name: string, low: number, high: number, change: object = {}) => ({
  ...{ name, batchSize: 1, shape: '5 layers', median: (low + high) / 2, low, high },
  ...change,
});

/** ms of ten repetitions around `center`: from 0.95 to 1.04 of it. */
const around = (center: number) => Array.from({ length: 10 }, (_, index) => center * (0.95 + index / 100));

describe('the speeds of sub-models of equal shape', () => {
  it('pass where their intervals meet, if only in one number', () => {
    expect(compareSpeeds([timed('sft@5', 900, 1000), timed('soft@5', 1000, 1100)])).toEqual({
      name: 'sub-models of equal shape are equally fast',
      passed: true,
      detail: '0 of 1 pairs have intervals apart (shown only: it does not decide the exit code)',
      isBadge: true,
    });
  });

  it('are named with their intervals where these lie apart', () => {
    const check = compareSpeeds([timed('sft@5', 600, 692), timed('soft@5', 1000, 1090)])!;
    expect(check.passed).toBe(false);
    expect(check.detail).toContain('1 of 1 pairs');
    expect(check.detail).toContain(
      'sft@5 646 (600 to 692) and soft@5 1045 (1000 to 1090) tokens/s at batch 1',
    );
  });

  it('are not compared across shapes or batch sizes', () => {
    const fast = timed('soft@3', 9000, 9100, { shape: '3 layers' });
    const many = timed('soft@5', 9000, 9100, { batchSize: 16 });
    expect(compareSpeeds([timed('sft@5', 600, 692), fast, many])).toBeUndefined();
  });

  it('are listed up to three pairs, and the others counted', () => {
    const apart = [1, 2, 3, 4].map((place) => timed(`m${place}@5`, place * 10, place * 10 + 1));
    const { detail } = compareSpeeds(apart)!;
    expect(detail).toContain('6 of 6 pairs');
    expect(detail.match(/tokens\/s/g)).toHaveLength(3);
    expect(detail).toContain('and 3 more');
  });

  it('come from the repetitions in the results file, and those of one repetition say nothing', () => {
    const run = fakeRun({ models: ['sft', 'soft'].map((name) => fakeModel(name, { manifest: MANIFEST })) });
    const save = (model: string, exit: number, durationsMs: readonly number[]) =>
      saveTimed(run.store, run.run, [{ model, exit, batchSize: 1, tokens: 100, durationsMs }]);
    save('sft', 3, [100]);
    save('soft', 3, [150]);
    expect(equalSpeedsCheck(run)).toBeUndefined();
    save('sft', 4, around(100));
    save('soft', 4, around(101));
    expect(equalSpeedsCheck(run)).toMatchObject({ passed: true });
  });

  it('fail, as a badge alone, where the repetitions of two lie apart', () => {
    const run = fakeRun({ models: ['sft', 'soft'].map((name) => fakeModel(name, { manifest: MANIFEST })) });
    for (const [model, center] of [['sft', 100] as const, ['soft', 160] as const]) {
      const durationsMs = around(center);
      saveTimed(run.store, run.run, [{ model, exit: 4, batchSize: 1, tokens: 100, durationsMs }]);
    }
    expect(equalSpeedsCheck(run)).toMatchObject({ passed: false, isBadge: true });
  });
});

const MANIFEST = {
  precision: 'fp32',
  exits: [3, 4],
  heads: [{ exits: [3, 4], file: 'head.onnx', head: { dtype: 'F32' } }],
  architecture: { layers: 4, hiddenSize: 8 },
};
