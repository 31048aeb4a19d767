import { describe, expect, it } from 'vitest';
import { readJudge, saveJudge } from '../../../src/store/tables/judge-table.ts';
import { readOutcomes } from '../../../src/store/tables/judgement-table.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { emptyStore, rowsOf, sampleStore } from '../sample.ts';
import { JUDGE } from '../sample-run.ts';

const MODEL = { name: 'judge', parameters: 1_815_040, source: 'checkpoint of 6 layers at fp32' };

describe('saveJudge', () => {
  it('refuses a judge of a run that is not there', () => {
    expect(() => saveJudge(emptyStore(), 'nano', JUDGE)).toThrow('FOREIGN KEY');
  });

  it('keeps the verdicts when the judge is the same, and takes what else is known of it', () => {
    const store = sampleStore();
    const renamed = { ...JUDGE, judge: 'renamed', deviations: [], model: MODEL, setup: { path: 'judge' } };
    saveJudge(store, 'nano', { ...renamed, decoding: { maxNewTokens: 32, mode: 'greedy' } });
    expect(readOutcomes(store, 'nano', 'soft-vs-sft')).toHaveLength(1);
    expect(readJudge(store, 'nano')).toEqual(renamed);
  });

  it.each([
    ['key', { judgeKey: 'other' }],
    ['settings', { decoding: { mode: 'beam' } }],
  ])('forgets the verdicts, and not the answers, when its %s changed', (_, change) => {
    const store = sampleStore();
    saveJudge(store, 'nano', { ...JUDGE, ...change });
    expect(readOutcomes(store, 'nano', 'soft-vs-sft')).toEqual([]);
    expect(readResponses(store, 'nano', { model: 'soft', exit: 4 }).size).toBe(3);
    expect(readJudge(store, 'nano')).toEqual({ ...JUDGE, ...change });
  });
});

describe('the view judges', () => {
  it('tells which model judged, how it decoded and how many verdicts it gave', () => {
    const store = sampleStore();
    saveJudge(store, 'nano', { ...JUDGE, model: MODEL });
    expect(rowsOf(store, 'judges')).toEqual([
      {
        ...{ run: 'nano', judge: 'nano-judge', model: 'judge', parameters: 1_815_040 },
        ...{ source: MODEL.source, decoding: '{"maxNewTokens":32,"mode":"greedy"}' },
        ...{ deviations: 'greedy decoding; no penalty', verdicts: 6, texts: 6, malformed: 0 },
      },
    ]);
  });

  it('does not know the model of a judge that an earlier version stored, nor the size of one behind a server', () => {
    const store = sampleStore();
    expect(rowsOf(store, 'judges')).toMatchObject([{ model: null, parameters: null, source: null }]);
    saveJudge(store, 'nano', { ...JUDGE, model: { ...MODEL, parameters: null } });
    expect(rowsOf(store, 'judges')).toMatchObject([{ model: 'judge', parameters: null }]);
  });
});
