import { describe, expect, it } from 'vitest';
import { readRunHead } from '../../../src/store/read/run-head.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { emptyStore, sampleStore } from '../sample.ts';
import { setup } from '../sample-run.ts';

describe('readRunHead', () => {
  it('names the models that were compared, and the judge', () => {
    expect(readRunHead(sampleStore(), 'nano')).toMatchObject({
      run: 'nano',
      instructions: 3,
      judge: 'nano-judge',
      judgeDeviations: 'greedy decoding; no penalty',
      judgeProtocol: null,
      policy: null,
      models: [
        { model: 'soft', label: 'soft' },
        { model: 'sft', label: 'sft' },
      ],
      comparisons: [{ name: 'soft-vs-sft', exitsA: [3, 4], exitsB: [3, 4] }],
      curves: [],
      speedBatchSize: null,
    });
  });

  it('takes labels, curves and batch size from the sweep file', () => {
    const store = emptyStore();
    const curves = [{ model: 'soft', reference: 'sft' }];
    const config = {
      models: { soft: { label: 'SoFT' }, sft: {} },
      kl: { curves },
      speed: { batchSizes: [4, 1] },
    };
    openRun(store, setup({ config }));
    const head = readRunHead(store, 'nano')!;
    expect(head.models.map(({ label }) => label)).toEqual(['SoFT', 'sft']);
    expect(head).toMatchObject({ curves, speedBatchSize: 4, judge: null, judgeDeviations: null });
  });

  it('knows nothing of a run that is not in the file', () => {
    expect(readRunHead(sampleStore(), 'other')).toBeUndefined();
  });
});
