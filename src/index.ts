/**
 * The library's public surface, in the order in which data flows. Each function's own comment tells shapes, units and
 * errors; `examples/` has a program for each step. Bad input throws {@link InputError}, whose `code` a program can test.
 */

// The nouns.
export { NANO_FOLDER, NANO_SWEEP } from './config/nano-run.ts';
export type * from './core/domain.ts';
export { InputError, type InputErrorCode } from './core/errors.ts';
export { type Progress, silentProgress } from './core/progress.ts';
export { alpacaPrompt } from './data/alpaca-prompt.ts';
// Read instructions, make prompts.
export { readInstructions } from './data/instructions.ts';
export { type DecodingSettings, type Finished, generate, type Prompt } from './engine/greedy/generate.ts';
export {
  type AnswerOptions,
  type ModelAnswer,
  type ModelQuestion,
  type OpenModel,
  openModel,
} from './engine/open-model.ts';
export { SegmentedModel as Network, SegmentedModel } from './engine/session/segmented-model.ts';
// Run a whole sweep.
export { closeSweep, openSweep, type Sweep, type SweepOptions } from './evaluate/open-sweep.ts';
export { runSweep, type SweepResult } from './evaluate/run-sweep.ts';
// Judge.
export type {
  Completer,
  CompleterPrompt,
  CompleterReply,
  Completion,
} from './judge/completer.ts';
export {
  type Judge,
  type JudgeAnswer,
  type JudgeFailure,
  type JudgePrompt,
  type JudgeReply,
  judgeOf,
} from './judge/judge.ts';
export { type LocalJudgeOptions, openLocalJudge } from './judge/local-judge.ts';
export type { CompleterSettings, LocalDecoding } from './judge/protocols/completer-settings.ts';
export type { JudgeProtocol, JudgeText, ResponsePair } from './judge/protocols/judge-protocol.ts';
export { parseJudgeText, parseVerdict } from './judge/protocols/pandalm-parser.ts';
export { judgePrompt } from './judge/protocols/pandalm-prompt.ts';
export { PROTOCOLS } from './judge/protocols/protocols.ts';
// Score.
export { countOutcomes, toOutcome } from './judge/reconcile.ts';
export { drawResamples, type Interval, type Resamples } from './metrics/bootstrap.ts';
export { cellScores, scoreInterval, scoreOf } from './metrics/score.ts';
// Import a checkpoint.
export { type ImportOptions, importCheckpoint } from './model/folder/import-checkpoint.ts';
export type { Manifest } from './model/folder/manifest.ts';
// Open a model, generate at exits. `SegmentedModel` and `generate` are the same on token ids; `Network` is the older name of the first.
export { openTokenizer, type Tokenizer } from './model/tokenizer/tokenizer.ts';
// Read results.
export { openReadOnlyStore, type Store } from './store/database.ts';
export type { QueryResult, SqlValue } from './store/query-result.ts';
export { querySql, queryView } from './store/read/query-view.ts';
export { VIEWS } from './store/views/views.ts';
export { progressOn } from './terminal/progress-bars.ts';
