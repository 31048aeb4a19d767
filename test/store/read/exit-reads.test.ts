import { describe, expect, it } from 'vitest';
import { exitSpeedRead, modelParametersRead, qualitySpeedRead } from '../../../src/store/read/exit-reads.ts';
import { read } from '../../../src/store/read/read.ts';
import { saveTimed } from '../../support/timed-speed.ts';
import { sampleStore } from '../sample.ts';

function measuredStore() {
  const store = sampleStore();
  const measured = { model: 'soft', exit: 3, tokens: 50, durationsMs: [100] };
  saveTimed(store, 'nano', [
    { ...measured, batchSize: 1 },
    { ...measured, batchSize: 8, tokens: 1 },
  ]);
  return store;
}

describe('speed', () => {
  it('is tokens per second, at every batch size', () => {
    expect(read(measuredStore(), exitSpeedRead('nano'))).toEqual([
      {
        model: 'soft',
        exit: 3,
        batchSize: 1,
        tokensPerSecond: 500,
        repetitions: 1,
        ciLow: null,
        ciHigh: null,
      },
      {
        model: 'soft',
        exit: 3,
        batchSize: 8,
        tokensPerSecond: 10,
        repetitions: 1,
        ciLow: null,
        ciHigh: null,
      },
    ]);
  });

  it('stands beside quality for every exit, at one batch size, and is null where it was not measured', () => {
    const rows = read(measuredStore(), qualitySpeedRead('nano', 1));
    expect(rows).toMatchObject([
      { model: 'sft', exit: 3, exactMatch: null, tokensPerSecond: null },
      { model: 'sft', exit: 4, exactMatch: 0.5, tokensPerSecond: null },
      { model: 'soft', exit: 3, exactMatch: null, tokensPerSecond: 500 },
      { model: 'soft', exit: 4, exactMatch: 1, tokensPerSecond: null },
    ]);
    const unmeasured = read(measuredStore(), qualitySpeedRead('nano', null));
    expect(unmeasured.map(({ tokensPerSecond }) => tokensPerSecond)).toEqual([null, null, null, null]);
  });
});

describe('parameters', () => {
  it('are those of each model in the order of the sweep file', () => {
    expect(read(sampleStore(), modelParametersRead('nano'))).toMatchObject([
      { model: 'soft', layers: 4, bodyParameters: 1000, extraHeadParameters: 0 },
      { model: 'sft' },
    ]);
  });
});
