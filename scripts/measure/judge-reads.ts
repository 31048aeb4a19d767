/**
 * What a local judge reads of a sweep's prompts: their tokens, and those that go through the network.
 *
 *     npx tsx scripts/measure/judge-reads.ts eval-data/nano/sweep.yaml
 *
 * Answers come from the sweep's results file, so run its generate stage first.
 */
import { join } from 'node:path';
import { openTokenizer } from '../../src/model/tokenizer.ts';
import { BeamNetwork } from '../../src/runtime/beam-network.ts';
import { DEFAULT_MEMORY_MB, megabytes } from '../../src/runtime/memory-budget.ts';
import { PromptReader } from '../../src/runtime/prompt-reader.ts';
import { closeSweep, openSweep } from '../../src/sweep/open.ts';
import { silentProgress } from '../../src/sweep/progress.ts';
import { collectQuestions } from '../../src/sweep/questions.ts';

/** Prompts that the judge reads together. */
const WAVE = 32;

const [path] = process.argv.slice(2);
if (!path) throw new Error('usage: judge-reads.ts <sweep.yaml>');

const sweep = await openSweep(path, { progress: silentProgress });
const { questions } = collectQuestions(sweep, await sweep.openJudge!());
const folder = join(sweep.config.output, 'models', '.judge');
closeSweep(sweep);
const tokenizer = openTokenizer(folder);
const prompts = questions.map(({ text }) => tokenizer.encode(text));

const network = await BeamNetwork.open(folder);
let read = 0;
const run = network.run.bind(network);
network.run = (ids, step) => {
  read += step.rows * step.step;
  return run(ids, step);
};
const reader = new PromptReader(network, megabytes(DEFAULT_MEMORY_MB));
for (let start = 0; start < prompts.length; start += WAVE) {
  for (const prompt of await reader.read(prompts.slice(start, start + WAVE))) reader.release(prompt);
}
await network.close();

const tokens = prompts.reduce((sum, { length }) => sum + length, 0);
console.log(`${prompts.length} distinct prompts, ${tokens} tokens, of which ${read} are read`);
