import { join } from 'node:path';
import { openStore } from '../../../src/store/database.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { saveScores } from '../../../src/store/tables/score-table.ts';
import { JUDGE, modelRecord, setup } from '../../store/sample-run.ts';

export const PUBLISHED = join(import.meta.dirname, '../../../eval-data/published/sorted-llama-table4.csv');
const EXITS = [3, 4, 5, 6, 7, 8, 9, 10];

/** Writes a results file of soft against sft at the paper's depths; score: (exit a − exit b) / 10. */
export function writeScoredRun(db: string): void {
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
}
