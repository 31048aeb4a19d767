/**
 * The library's public surface, in the order in which data flows. Each function's own comment gives shapes, units and
 * errors; `examples/` has a program for each step. Bad input throws {@link InputError}, whose `code` a program can test.
 *
 * A blank line under each heading keeps Biome from sorting exports across it.
 */

// The nouns.

export type * from './core/domain.ts';
export { InputError, type InputErrorCode } from './core/errors.ts';

// Read instructions, make prompts.

export { alpacaPrompt } from './data/alpaca-prompt.ts';
export type { RecordOptions } from './data/instruction-files/record-options.ts';
export { readInstructions } from './data/instructions.ts';

// Import a checkpoint, or write its sub-models as checkpoints. The bundled ones lie in `NANO_FOLDER`.

export { NANO_FOLDER, NANO_SWEEP } from './config/nano-run.ts';
export {
  type ExtractedCheckpoint,
  type Extraction,
  type ExtractOptions,
  extractCheckpoint,
} from './model/extract/extract-checkpoint.ts';
export { type ImportOptions, importCheckpoint } from './model/folder/import-checkpoint.ts';
export type { Manifest } from './model/folder/manifest.ts';

// Open a model, generate at exits: texts with `openModel`, token ids with `SegmentedModel` and `generate`.

export type { AnswerDecodingOptions, BeamRule } from './core/decoding/answer-decoding.ts';
export { type CalibrateOptions, type Calibration, calibrate } from './engine/calibrate/calibrate.ts';
export type { AdaptiveSettings, Confidence } from './engine/dynamic/adaptive-settings.ts';
export type { SpeculativeSettings } from './engine/dynamic/speculative-settings.ts';
export { type DecodingSettings, type Finished, generate, type Prompt } from './engine/greedy/generate.ts';
export {
  type AnswerOptions,
  type ModelAnswer,
  type ModelQuestion,
  type OpenModel,
  openModel,
} from './engine/open-model.ts';
// `Network` is the name of earlier versions.
export { SegmentedModel as Network, SegmentedModel } from './engine/session/segmented-model.ts';
export { openTokenizer, type Tokenizer } from './model/tokenizer/tokenizer.ts';

// Judge: a protocol makes the prompts and reads the verdicts, a completer writes the texts between.

export type { Completer, CompleterPrompt, CompleterReply, Completion } from './judge/completer.ts';
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

// Measure KL divergence of exits from a reference, along responses.

export type { Continuation } from './engine/forced/continuation.ts';
export {
  type Divergence,
  type KlContinuation,
  type KlSides,
  measureDivergence,
} from './engine/forced/measure-divergence.ts';

// Compare a judge with human labels.

export { type AgreementSettings, measureAgreement } from './evaluate/labelled/measure-agreement.ts';
export {
  type AgreementOptions,
  type AgreementReport,
  agreementReport,
} from './metrics/agreement-report.ts';

// Score.

export { countOutcomes, toOutcome } from './judge/reconcile.ts';
export { drawResamples, type Interval, type Resamples } from './metrics/bootstrap.ts';
export { cellScores, scoreInterval, scoreOf } from './metrics/score.ts';

// Run a whole sweep; its file is read and checked by `readSweepConfig`.

export { readSweepConfig, type SweepConfig, type SweepFile } from './config/sweep-file.ts';
export { type Progress, silentProgress } from './core/progress.ts';
export { closeSweep, openSweep, type Sweep, type SweepOptions } from './evaluate/open-sweep.ts';
export { runSweep, type SweepResult } from './evaluate/run-sweep.ts';
export { progressOn } from './terminal/progress-bars.ts';

// Read results.

export { openReadOnlyStore, type Store } from './store/database.ts';
export type { QueryResult, SqlValue } from './store/query-result.ts';
export { findRun } from './store/read/find-run.ts';
export { querySql, queryView } from './store/read/query-view.ts';
export { rowObjects } from './store/row-objects.ts';
export { VIEWS } from './store/views/views.ts';

// Draw figures: those of a run into files, or one at a time.

export { type FigureFiles, renderRunFigure, writeFigures } from './evaluate/stages/library-figures.ts';
