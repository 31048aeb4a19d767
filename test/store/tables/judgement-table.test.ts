import { describe, expect, it } from 'vitest';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import {
  knownJudgementKeys,
  type Reparse,
  readOutcomes,
  reparseJudgements,
  saveJudgements,
} from '../../../src/store/tables/judgement-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { contentDump } from '../../support/content-dump.ts';
import { emptyStore, sampleStore } from '../sample.ts';
import { JUDGE, saveVerdicts, setup, verdict } from '../sample-run.ts';

describe('saveJudgements', () => {
  it('refuses verdicts before the judge is known, of unknown cells, and unknown words', () => {
    const store = emptyStore();
    openRun(store, setup());
    expect(() => saveVerdicts(store, 'nano', [verdict('i-add', 'ab', 'tie')])).toThrow('FOREIGN KEY');
    saveJudge(store, 'nano', JUDGE);
    const outside = verdict('i-add', 'ab', 'tie', { exitA: 3, exitB: 9 });
    expect(() => saveVerdicts(store, 'nano', [outside])).toThrow('FOREIGN KEY');
    const odd = verdict('i-add', 'ab', 'Tie' as never);
    expect(() => saveVerdicts(store, 'nano', [odd])).toThrow('CHECK');
    expect(contentDump(store)['judgement']).toEqual([]);
  });

  it('lets many pairs point at one judgement', () => {
    const store = sampleStore();
    const { judgement, pair } = verdict('i-add', 'ab', 'tie');
    const pairs = (['ab', 'ba'] as const).map((order) => ({ ...pair, exitA: 3, order }));
    saveJudgements(store, 'nano', { judgements: [judgement], pairs });
    expect(contentDump(store)['judgement']).toHaveLength(6);
    expect(readOutcomes(store, 'nano', 'soft-vs-sft')[0]).toEqual({
      exitA: 3,
      exitB: 4,
      outcomes: [{ instructionId: 'i-add', ab: 'tie', ba: 'tie' }],
    });
    expect(knownJudgementKeys(store, [judgement.judgementKey, 'new']).size).toBe(1);
  });

  it('tells both orders as preferences between the models, and leaves half-judged pairs out', () => {
    const store = sampleStore();
    saveVerdicts(store, 'nano', [verdict('i-add', 'ab', '1', { exitA: 3, exitB: 3 })]);
    expect(readOutcomes(store, 'nano', 'soft-vs-sft')).toEqual([
      {
        exitA: 4,
        exitB: 4,
        outcomes: [
          { instructionId: 'i-add', ab: 'tie', ba: 'tie' },
          { instructionId: 'i-cap', ab: 'a', ba: 'a' },
          { instructionId: 'i-free', ab: 'a', ba: 'b' },
        ],
      },
    ]);
  });

  it('reads texts of an older parser again, and all of them where asked to', () => {
    const store = sampleStore();
    const { judgement } = verdict('i-add', 'ab', 'tie');
    const newer = { ...judgement, judgementKey: 'newer', parserVersion: 2 };
    saveJudgements(store, 'nano', { judgements: [newer], pairs: [] });
    const pandalm: Reparse = { protocol: null, parserVersion: 2, parse: () => 'malformed' };
    const parse = (text: string) => (text.startsWith('1') ? 'malformed' : 'tie');
    expect(reparseJudgements(store, { ...pandalm, parse })).toBe(6);
    expect(reparseJudgements(store, pandalm)).toBe(0);
    const [cell] = readOutcomes(store, 'nano', 'soft-vs-sft');
    expect(cell?.outcomes.map(({ ab }) => ab)).toEqual(['tie', 'malformed', 'malformed']);
    expect(reparseJudgements(store, pandalm, 'all')).toBe(7);
  });

  it('reads the texts of one protocol by its own parser, and leaves those of the others alone', () => {
    const store = sampleStore();
    const { judgement } = verdict('i-add', 'ab', 'tie');
    const decoding = { protocol: 'mt-bench' };
    const other = { ...judgement, judgementKey: 'other', rawText: '[[A]]', decoding };
    saveJudgements(store, 'nano', { judgements: [other], pairs: [] });
    const parse = (text: string) => (text === '[[A]]' ? '1' : 'malformed');
    const reparsed = reparseJudgements(store, { protocol: 'mt-bench', parserVersion: 1, parse }, 'all');
    expect(reparsed).toBe(1);
    const verdicts = store.all<{ key: string; verdict: string }>(
      "SELECT judgement_key AS key, slot_verdict AS verdict FROM judgement WHERE slot_verdict IN ('1', 'malformed')",
    );
    expect(verdicts).toContainEqual({ key: 'other', verdict: '1' });
    expect(verdicts).not.toContainEqual(expect.objectContaining({ verdict: 'malformed' }));
  });
});
