import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/store/database.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { saveScores } from '../../../src/store/tables/score-table.ts';
import { JUDGE, modelRecord, setup } from '../../store/sample-run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';

const PUBLISHED = join(import.meta.dirname, '../../../eval-data/published/sorted-llama-table4.csv');
const folder = tempFolder();
const db = join(folder, 'results.db');
const EXITS = [3, 4, 5, 6, 7, 8, 9, 10];

beforeAll(() => {
  const store = openStore(db);
  const subModels = EXITS.map((exit) => ({ exit, subModelKey: `${exit}` }));
  const models = ['soft', 'sft'].map((name) => ({ ...modelRecord(name), layers: 10, subModels }));
  const names = { name: 'soft against sft', modelA: 'soft', modelB: 'sft' };
  openRun(store, setup({ models, comparisons: [{ ...names, exitsA: EXITS, exitsB: EXITS }] }));
  saveJudge(store, 'nano', JUDGE);
  const cells = EXITS.flatMap((exitA) => EXITS.map((exitB) => ({ exitA, exitB })));
  const rest = { wins: 0, losses: 0, ties: 1, malformed: 0, total: 1, malformedRule: 'dropped' as const };
  const unknown = { ciLow: null, ciHigh: null, pValue: null, pHolm: null, policy: 'average' as const };
  const scores = cells.map((cell) => ({
    ...{ comparison: names.name, ...cell, ...rest, ...unknown },
    score: (cell.exitA - cell.exitB) / 10,
  }));
  saveScores(store, 'nano', 'average', scores);
  store.close();
});

describe('compare', () => {
  it("prints a run's cells minus the paper's in 80 columns and draws them", async () => {
    const { code, stdout } = await runMain(['compare', PUBLISHED, '--db', db]);
    expect(code).toBe(0);
    // soft@3 against sft@10: −0.70 here, (16.5 − 153) / 170 in Table 4.
    expect(stdout).toMatch(/\(this run − published\)\n.*\nsoft@3 .* \+0\.10\n/);
    expect(stdout).toContain('Not compared: published baseline SFT+ICT, 64 cells');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(existsSync(join(folder, 'published-difference.png'))).toBe(true);
  });

  it.each<[string, string[], RegExp]>([
    ['a file that is not there', ['/no.csv', '--db', db], /\/no\.csv: .*found no such file/],
    ['a file of something else', [db, '--db', db], /expected text in UTF-8/],
    ['an unknown run', [PUBLISHED, '--db', db, '--run', 'x'], /a run of .*, found "x"\. Did you mean nano\?/],
    [
      'a folder that cannot be written',
      [PUBLISHED, '--db', db, '--out', join(PUBLISHED, 'sub')],
      /expected to write a figure/,
    ],
  ])('refuses %s', async (_, args, said) => {
    expect(refusalOf(await runMain(['compare', ...args]))).toMatch(said);
  });
});
