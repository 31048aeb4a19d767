/** Made-up verdicts on soft (exits 3 and 4) where it meets sft's last exit. */
import {
  type Instruction,
  type MalformedRule,
  ORDERS,
  type Policy,
  type SlotVerdict,
} from '../../src/core/domain.ts';
import type { Store } from '../../src/store/database.ts';
import { saveJudge } from '../../src/store/tables/judge-table.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { saveScores } from '../../src/store/tables/score-table.ts';
import { emptyStore } from './sample.ts';
import { JUDGE, saveVerdicts, setup, verdict } from './sample-run.ts';

export type Verdicts = readonly [ab: SlotVerdict, ba: SlotVerdict];
export const WIN: Verdicts = ['1', '2'];
export const LOSS: Verdicts = ['2', '1'];
export const TIE: Verdicts = ['tie', 'tie'];

export const repeated = <T>(...parts: readonly (readonly [T, number])[]): T[] =>
  parts.flatMap(([value, times]) => Array.from({ length: times }, () => value));

export function instructions(count: number): Instruction[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `i-${index}`,
    instruction: `Say ${index}.`,
    input: '',
    answer: 'yes',
  }));
}

/** soft (exits 3 and 4) against sft, judged where it meets sft@4. */
export function judgedRun(
  byExit: Readonly<Record<3 | 4, readonly Verdicts[]>>,
  policy: Policy = 'average',
  malformedRule: MalformedRule = 'dropped',
): Store {
  const store = emptyStore();
  const set = instructions(byExit[3].length);
  openRun(store, setup({ instructions: set }));
  saveJudge(store, 'nano', JUDGE);
  const all = ([3, 4] as const).flatMap((exitA) =>
    byExit[exitA].flatMap((verdicts, index) =>
      ORDERS.map((order, at) => verdict(set[index]!.id, order, verdicts[at]!, { exitA, exitB: 4 })),
    ),
  );
  saveVerdicts(store, 'nano', all);
  const counts = { wins: 0, losses: 0, ties: 1, malformed: 0, total: 1, score: 0 };
  const interval = { ciLow: 0, ciHigh: 0, pValue: 1, pHolm: 1 };
  saveScores(store, 'nano', policy, [
    { comparison: 'soft-vs-sft', exitA: 4, exitB: 4, policy, malformedRule, ...counts, ...interval },
  ]);
  return store;
}
