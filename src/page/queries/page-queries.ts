/** Everything that the page asks a results file: plain functions, so that they run on any SQLite. */
import type { Store } from '../../store/database.ts';
import { readKlPoints } from '../../store/read/kl-points.ts';
import { querySql } from '../../store/read/query-view.ts';
import { readRunHead } from '../../store/read/run-head.ts';
import { readEvidence } from '../../store/read/score-evidence.ts';
import { readChecks, readScores } from '../../store/tables/score-table.ts';
import { readQuality, readSpeed } from '../../store/tables/speed-table.ts';
import { readAnswers, readCellPairs, readPairVerdicts } from './cell-query.ts';
import { readDegenerateWins, readLooks } from './degeneration-query.ts';
import { readInstructionList } from './instruction-query.ts';
import { readPairOutcomes } from './outcome-query.ts';
import { readProtocol, readRunList, readTables } from './run-query.ts';

/** What a question may use of a store. */
export type PageStore = Pick<Store, 'path' | 'all' | 'get' | 'select'>;

export const QUESTIONS = {
  runs: readRunList,
  tables: readTables,
  head: readRunHead,
  protocol: readProtocol,
  scores: readScores,
  evidence: readEvidence,
  checks: readChecks,
  kl: readKlPoints,
  quality: readQuality,
  speed: readSpeed,
  cellPairs: readCellPairs,
  degenerateWins: readDegenerateWins,
  pairVerdicts: readPairVerdicts,
  answers: readAnswers,
  looks: readLooks,
  instructions: readInstructionList,
  outcomes: readPairOutcomes,
  sql: (store: PageStore, sql: string) => querySql(store, sql),
};

export type QuestionName = keyof typeof QUESTIONS;
type Rest<List> = List extends readonly [unknown, ...infer Others] ? Others : never;
export type QuestionArguments<Name extends QuestionName> = Rest<Parameters<(typeof QUESTIONS)[Name]>>;
export type AnswerTo<Name extends QuestionName> = ReturnType<(typeof QUESTIONS)[Name]>;

/** The same where the name is known at run time alone. */
export function askStore(store: PageStore, name: QuestionName, args: readonly unknown[]): unknown {
  const question = QUESTIONS[name] as (store: PageStore, ...args: readonly unknown[]) => unknown;
  return question(store, ...args);
}
