/**
 * The library's public surface, in the order in which data flows. Each function's own comment tells shapes, units and
 * errors; `examples/` has a program for each step. Bad input throws {@link InputError}, whose `code` a program can test.
 */

// The nouns.
export { NANO_FOLDER, NANO_SWEEP } from './bundled.ts';
// Read instructions, make prompts.
export { readInstructions } from './data/instructions.ts';
export { alpacaPrompt } from './data/prompt.ts';
export type * from './domain.ts';
export { InputError, type InputErrorCode } from './errors.ts';
// Judge.
export type { Judge, JudgeAnswer, JudgeFailure, JudgePrompt, JudgeReply } from './judge/judge.ts';
export { type LocalDecoding, type LocalJudgeOptions, openLocalJudge } from './judge/local-judge.ts';
export { type JudgeText, parseJudgeText, parseVerdict } from './judge/parse.ts';
export { judgePrompt } from './judge/prompt.ts';
// Score.
export { countOutcomes, toOutcome } from './judge/reconcile.ts';
export { drawResamples, type Interval, type Resamples } from './metrics/bootstrap.ts';
export { type CellOutcomes, cellScores, scoreInterval, scoreOf } from './metrics/score.ts';
// Import a checkpoint.
export { type ImportOptions, importCheckpoint } from './model/import.ts';
export type { Manifest } from './model/manifest.ts';
// Open a model, generate at exits. `Network` and `generate` are the same on token ids.
export { openTokenizer, type Tokenizer } from './model/tokenizer.ts';
export { type DecodingSettings, type Finished, generate, type Prompt } from './runtime/generate.ts';
export { Network } from './runtime/network.ts';
export {
  type AnswerOptions,
  type ModelAnswer,
  type ModelQuestion,
  type OpenModel,
  openModel,
} from './runtime/open-model.ts';
// Read results.
export { openReadOnlyStore, type QueryResult, type SqlValue, type Store } from './store/database.ts';
export { querySql, queryView } from './store/query.ts';
export { VIEWS } from './store/views.ts';
// Run a whole sweep.
export { closeSweep, openSweep, type Sweep, type SweepOptions } from './sweep/open.ts';
export { type Progress, progressOn, silentProgress } from './sweep/progress.ts';
export { runSweep, type SweepResult } from './sweep/run.ts';
