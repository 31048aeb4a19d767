/**
 * Where a local judge's time goes while it decodes as PandaLM does, and how much of its prompts it reads.
 *
 *     npx tsx scripts/measure/judge-work.ts eval-data/nano/sweep.yaml
 *     npx tsx scripts/measure/judge-work.ts eval-data/nano/sweep.yaml --every 10 --threads 1
 *     npx tsx scripts/measure/judge-work.ts testset-v1.json 4 smollm2-model --tokens 32 --operators
 *
 * All prompts of a sweep (or those of every tenth instruction), whose answers come from its results file, so run its
 * generate stage first; or so many labelled pairs in both orders, spread over their file, and the judge's model folder.
 * FLOPs are those of the weights' products. Counts are exact on any machine; seconds are not.
 */

import { parseArgs } from 'node:util';

import { silentProgress } from '../../src/core/progress.ts';
import { beamSearch } from '../../src/engine/beam/beam-search.ts';
import { toCapacity } from '../../src/engine/cache/kv-cache.ts';
import { BLOCK_TOKENS } from '../../src/engine/cache/prefix-block.ts';
import { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import type { StepInput } from '../../src/engine/session/step-input.ts';
import { closeSweep, openSweep } from '../../src/evaluate/open-sweep.ts';
import { collectJudgeRequests } from '../../src/evaluate/plan/judge-requests.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { alignedText } from '../../src/terminal/terminal-layout.ts';
import { workOf } from '../bench/ideal.ts';
import { labelledPrompts } from '../bench/parts/judging.ts';
import { sweepJudgeFolder } from '../judge-folder.ts';
import { profileSessions } from './operators.ts';

const BEAMS = { numBeams: 4, rule: 'transformers-4.28', repetitionPenalty: 1.2 } as const;
const BATCH_SIZE = 128;

interface Part {
  readonly title: string;
  tokens: number;
  seconds: number;
  gflop: number;
}

const { values: options, positionals } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    threads: { type: 'string' },
    tokens: { type: 'string', default: '512' },
    operators: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [path, count, pairsJudge] = positionals;
if (!path) throw new Error('usage: judge-work.ts <sweep.yaml> | <pairs.json> <count> <model folder>');
const { folder, texts } = pairsJudge
  ? { folder: pairsJudge, texts: labelledPrompts(path, Number(count)) }
  : await ofSweep(path);

const tokenizer = openTokenizer(folder);
const prompts = texts.map((text, tag) => ({ tag, ids: tokenizer.encode(text) }));
const threads = options.threads === undefined ? undefined : Number(options.threads);
const operatorTimes = options.operators ? profileSessions() : undefined;
const network = await FullDepthModel.open(folder, 'beams', threads);
const steps = { count: 0, rows: 0, alone: 0, scores: 0, attended: 0, own: 0, floats: 0 };
const reading = partOf('prompts, layers');
const decoding = partOf('beams, layers');
const heads = partOf('heads');
countRuns(network);

const startedAt = coreSeconds();
for await (const _ of beamSearch(network, prompts, {
  ...BEAMS,
  maxNewTokens: Number(options.tokens),
  eosTokenIds: network.manifest.eosTokenIds,
  batchSize: BATCH_SIZE,
}));
const seconds = coreSeconds() - startedAt;
const operators = operatorTimes?.() ?? [];
await network.close();

const parts = [reading, decoding, heads];
const rest = seconds - parts.reduce((sum, part) => sum + part.seconds, 0);
const tokens = prompts.reduce((sum, { ids }) => sum + ids.length, 0);
const distinct = distinctPrefixes(prompts.map(({ ids }) => ids));
console.log(`${prompts.length} prompts of ${tokens} tokens; read: ${reading.tokens}, distinct: ${distinct}`);
console.log(
  `${steps.count} decode steps of ${per(steps.rows, steps.count)} prompts, ${steps.alone} of them of fewer than 8; ` +
    `${per(100 * steps.attended, steps.scores)} % of the attention scores count ` +
    `(${per(100 * steps.own, steps.scores)} % are of a row's own capacity); ` +
    `${per(steps.floats * 4e-3, steps.count)} kB leave a step\n`,
);
const rows = parts.map((part) => [
  part.title,
  `${part.tokens}`,
  part.seconds.toFixed(1),
  share(part.seconds),
  part.gflop.toFixed(0),
  (part.gflop / part.seconds).toFixed(0),
]);
const heading = ['', 'tokens', 'core seconds', 'of all', 'GFLOP', 'GFLOP/s'];
const last = ['the rest', '', rest.toFixed(1), share(rest), '', ''];
console.log(alignedText([heading, ...rows, last, ['all', '', seconds.toFixed(1), '', '', '']]));

if (operators.length > 0)
  console.log(`\n${alignedText([['operator', 'runs', 'seconds', 'of all'], ...operatorRows()])}`);

async function ofSweep(path: string): Promise<{ folder: string; texts: string[] }> {
  const sweep = await openSweep(path, { progress: silentProgress });
  const folder = await sweepJudgeFolder(sweep);
  const instructions = sweep.instructions.filter((_, index) => index % Number(options.every) === 0);
  const { requests } = collectJudgeRequests({ ...sweep, instructions }, await sweep.judge!.open());
  closeSweep(sweep);
  return { folder, texts: requests.map(({ text }) => text) };
}

function partOf(title: string): Part {
  return { title, tokens: 0, seconds: 0, gflop: 0 };
}

/**
 * Times every run of the network's graphs. Steps of beams are shorter than the blocks that prompts are read
 * in.
 */
function countRuns(network: FullDepthModel): void {
  const run = network.run.bind(network);
  const topTokens = network.topTokens.bind(network);
  network.run = (ids, step) => {
    const part = step.queryLength === BLOCK_TOKENS ? reading : decoding;
    const { layers } = network.manifest.architecture;
    if (part === decoding) countStep(step);
    return counted(part, { layers, rows: step.rows * step.queryLength, headRows: 0 }, () => run(ids, step));
  };
  network.topTokens = (input) => {
    const rows = input.scores.length;
    return counted(heads, { layers: 0, rows, headRows: rows }, () => topTokens(input));
  };
}

function countStep({ rows, queryLength, mask }: StepInput): void {
  const { layers, kvHeads, headDim, hiddenSize } = network.manifest.architecture;
  steps.count++;
  steps.rows += rows;
  if (rows < 8) steps.alone++;
  steps.scores += mask.length;
  const width = mask.length / rows / queryLength;
  for (let row = 0; row < rows; row++) {
    let last = 0;
    for (let query = row * queryLength; query < (row + 1) * queryLength; query++) {
      for (let place = 0; place < width; place++) {
        if (mask[query * width + place] !== 0) continue;
        steps.attended++;
        if (place < width - queryLength) last = Math.max(last, place);
      }
    }
    steps.own += queryLength * (toCapacity(last + 1) + queryLength);
  }
  steps.floats += rows * queryLength * (hiddenSize + 2 * layers * kvHeads * headDim);
}

/** Tokens that would be read if no prompt's token were read twice after the same tokens. */
function distinctPrefixes(all: readonly (readonly number[])[]): number {
  const sorted = all.map((ids) => ids.map((id) => String.fromCodePoint(id + 1)).join('')).sort();
  return sorted.reduce((sum, text, index) => {
    const before = sorted[index - 1] ?? '';
    let common = 0;
    while (common < text.length && text[common] === before[common]) common++;
    return sum + [...text.slice(common)].length;
  }, 0);
}

async function counted<Result>(
  part: Part,
  pass: { readonly layers: number; readonly rows: number; readonly headRows: number },
  run: () => Promise<Result>,
): Promise<Result> {
  const startedAt = coreSeconds();
  const result = await run();
  part.seconds += coreSeconds() - startedAt;
  part.tokens += pass.rows;
  part.gflop += workOf(network.manifest.architecture, { ...pass, step: 1, past: 0 }).flops / 1e9;
  return result;
}

/** Processor time of all threads: what other programs take does not count. */
function coreSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function per(amount: number, count: number): string {
  return (amount / count).toFixed(1);
}

function share(part: number): string {
  return `${((100 * part) / seconds).toFixed(0)} %`;
}

function operatorRows(): string[][] {
  const all = operators.reduce((sum, operator) => sum + operator.seconds, 0);
  return operators
    .filter((operator) => operator.seconds > all / 100)
    .map(({ operator, seconds, runs }) => [
      operator,
      `${runs}`,
      seconds.toFixed(2),
      `${((100 * seconds) / all).toFixed(0)} %`,
    ]);
}
