import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelKind } from '../../../src/core/domain.ts';
import {
  type CompareOptions,
  comparePublished,
  DIFFERENCE_FILE,
} from '../../../src/evaluate/published/compare-published.ts';
import { openStore } from '../../../src/store/database.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { type CellScore, saveScores } from '../../../src/store/tables/score-table.ts';
import { JUDGE, modelRecord, setup } from '../../store/sample-run.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const folder = tempFolder();
const published = join(folder, 'published.csv');
writeFileSync(
  published,
  'baseline,layers,soft_layer,base_layer,win,loss,tie,total\nSFT,40,40,40,3,1,0,4\nSFT,40,30,40,1,3,0,4\n',
);
const NAME = 'soft-vs-sft';

/** A results file with runs of soft against sft at exits 3 and 4 of 4; `scored`: soft@4 0.25, soft@3 0. */
function results(file: string, runs: readonly string[], kind: ModelKind = 'soft', scored = true): string {
  const db = join(folder, file);
  const store = openStore(db);
  for (const run of runs) {
    const models = [{ ...modelRecord('soft'), kind }, modelRecord('sft')];
    openRun(store, setup({ run, models }));
    saveJudge(store, run, JUDGE);
    // The run's own policy is another; published cells are means over both orders.
    if (scored) saveScores(store, run, 'pooled', [score(4, 0.25), score(3, 0), score(4, -1, 'pooled')]);
  }
  store.close();
  return db;
}

function score(exitA: number, value: number, policy: CellScore['policy'] = 'average'): CellScore {
  const counts = { wins: 1, losses: 1, ties: 1, malformed: 0, total: 3 };
  const unknown = { ciLow: null, ciHigh: null, pValue: null, pHolm: null };
  const cell = { comparison: NAME, exitA, exitB: 4, policy, malformedRule: 'dropped' as const };
  return { ...cell, ...counts, score: value, ...unknown };
}

function compare(db: string, changes: Partial<CompareOptions> = {}) {
  return comparePublished({ published, db, run: undefined, out: undefined, width: 80, ...changes });
}

describe('comparePublished', () => {
  it('subtracts published scores from those of policy average, whatever the policy of the run', () => {
    const { text } = compare(results('one.db', ['nano']));
    expect(text).toMatch(/Difference \(this run − published\)\n.*\nsoft@3 +\+0\.50\nsoft@4 +-0\.25\n/);
    expect(text).toContain("Rank correlation (Spearman's ρ): 1.000 over 2 cells");
    expect(text).toMatch(/Judge +nano-judge; deviation: greedy decoding; deviation: no penalty/);
  });

  it('draws the figure beside the results, or where it is told to', () => {
    const db = results('figure.db', ['nano']);
    expect(compare(db).figure).toBe(join(folder, `${DIFFERENCE_FILE}.png`));
    const { figure } = compare(db, { out: join(folder, 'elsewhere') });
    expect(figure).toBe(join(folder, 'elsewhere', `${DIFFERENCE_FILE}.png`));
    expect(readFileSync(figure).subarray(1, 4).toString()).toBe('PNG');
  });

  it('compares the run that is named', () => {
    const db = results('two.db', ['first', 'second']);
    expect(compare(db, { run: 'second' }).text).toMatch(/^Run +second:/);
  });
});

describe('comparePublished refuses', () => {
  it.each<[string, () => string, Partial<CompareOptions>, RegExp]>([
    [
      'an unknown run',
      () => results('r2.db', ['a']),
      { run: 'c' },
      /--run: expected a run of .*, found "c"\. Did you mean a\?/,
    ],
    ['a file without runs', () => results('r3.db', []), {}, /found none\. Run `sorted-eval sweep` first/],
    ['a run without scores', () => results('r4.db', ['a'], 'soft', false), {}, /expected scored cells/],
    [
      'a run of which nothing was published',
      () => results('r5.db', ['a'], 'plain'),
      {},
      /found soft-vs-sft \(plain, sft\)\. A model's kind comes from exits\.json/,
    ],
    ['results that are not there', () => join(folder, 'no.db'), {}, /no\.db: expected a results file/],
  ])('%s, and draws nothing', async (_, db, changes, message) => {
    const out = join(folder, 'nothing');
    const error = await inputErrorOf(() => compare(db(), { out, ...changes }));
    expect(error.message).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });
});
