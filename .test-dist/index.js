/**
 * The library's public surface, in the order in which data flows. Each function's own comment tells shapes, units and
 * errors; `examples/` has a program for each step. Bad input throws {@link InputError}, whose `code` a program can test.
 */
// The nouns.
export { NANO_FOLDER, NANO_SWEEP } from './config/nano-run.js';
export { InputError } from './core/errors.js';
export { silentProgress } from './core/progress.js';
export { alpacaPrompt } from './data/alpaca-prompt.js';
// Read instructions, make prompts.
export { readInstructions } from './data/instructions.js';
export { generate } from './engine/greedy/generate.js';
export { openModel, } from './engine/open-model.js';
export { SegmentedModel as Network, SegmentedModel } from './engine/session/segmented-model.js';
// Run a whole sweep.
export { closeSweep, openSweep } from './evaluate/open-sweep.js';
export { runSweep } from './evaluate/run-sweep.js';
export { judgeOf, } from './judge/judge.js';
export { openLocalJudge } from './judge/local-judge.js';
export { parseJudgeText, parseVerdict } from './judge/protocols/pandalm-parser.js';
export { judgePrompt } from './judge/protocols/pandalm-prompt.js';
export { PROTOCOLS } from './judge/protocols/protocols.js';
// Score.
export { countOutcomes, toOutcome } from './judge/reconcile.js';
export { drawResamples } from './metrics/bootstrap.js';
export { cellScores, scoreInterval, scoreOf } from './metrics/score.js';
// Import a checkpoint.
export { importCheckpoint } from './model/folder/import-checkpoint.js';
// Open a model, generate at exits. `SegmentedModel` and `generate` are the same on token ids; `Network` is the older name of the first.
export { openTokenizer } from './model/tokenizer/tokenizer.js';
// Read results.
export { openReadOnlyStore } from './store/database.js';
export { querySql, queryView } from './store/read/query-view.js';
export { VIEWS } from './store/views/views.js';
export { progressOn } from './terminal/progress-bars.js';
