/**
 * Where a local judge's time goes while it decodes as PandaLM does, and how much of its prompts it reads.
 *
 *     npx tsx scripts/measure/judge-work.ts eval-data/nano/sweep.yaml
 *     npx tsx scripts/measure/judge-work.ts testset-v1.json 4 smollm2-model
 *
 * All prompts of a sweep, whose answers come from its results file, so run its generate stage first; or so
 * many labelled pairs in both orders, spread over their file, and the judge's model folder. FLOPs are those
 * of the weights' products.
 */

import { silentProgress } from '../../src/core/progress.ts';
import { beamSearch } from '../../src/engine/beam/beam-search.ts';
import { BLOCK_TOKENS } from '../../src/engine/cache/prefix-block.ts';
import { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import { closeSweep, openSweep } from '../../src/evaluate/open-sweep.ts';
import { collectJudgeRequests } from '../../src/evaluate/plan/judge-requests.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { alignedText } from '../../src/terminal/terminal-layout.ts';
import { workOf } from '../bench/ideal.ts';
import { labelledPrompts } from '../bench/parts/judging.ts';
import { sweepJudgeFolder } from '../judge-folder.ts';

const BEAMS = { numBeams: 4, rule: 'transformers-4.28', repetitionPenalty: 1.2, maxNewTokens: 512 } as const;
const BATCH_SIZE = 128;

interface Part {
  readonly title: string;
  tokens: number;
  seconds: number;
  gflop: number;
}

const [path, count, pairsJudge] = process.argv.slice(2);
if (!path) throw new Error('usage: judge-work.ts <sweep.yaml> | <pairs.json> <count> <model folder>');
const { folder, texts } = pairsJudge
  ? { folder: pairsJudge, texts: labelledPrompts(path, Number(count)) }
  : await ofSweep(path);

const tokenizer = openTokenizer(folder);
const prompts = texts.map((text, tag) => ({ tag, ids: tokenizer.encode(text) }));
const network = await FullDepthModel.open(folder);
const reading = partOf('prompts, layers');
const decoding = partOf('beams, layers');
const heads = partOf('heads');
countRuns(network);

const startedAt = performance.now();
for await (const _ of beamSearch(network, prompts, {
  ...BEAMS,
  eosTokenIds: network.manifest.eosTokenIds,
  batchSize: BATCH_SIZE,
}));
const seconds = (performance.now() - startedAt) / 1000;
await network.close();

const parts = [reading, decoding, heads];
const rest = seconds - parts.reduce((sum, part) => sum + part.seconds, 0);
const tokens = prompts.reduce((sum, { ids }) => sum + ids.length, 0);
console.log(`${prompts.length} prompts of ${tokens} tokens, of which ${reading.tokens} are read\n`);
const rows = parts.map((part) => [
  part.title,
  `${part.tokens}`,
  part.seconds.toFixed(1),
  share(part.seconds),
  part.gflop.toFixed(0),
  (part.gflop / part.seconds).toFixed(0),
]);
const heading = ['', 'tokens', 'seconds', 'of all', 'GFLOP', 'GFLOP/s'];
const last = ['the rest', '', rest.toFixed(1), share(rest), '', ''];
console.log(alignedText([heading, ...rows, last, ['all', '', seconds.toFixed(1), '', '', '']]));

async function ofSweep(path: string): Promise<{ folder: string; texts: string[] }> {
  const sweep = await openSweep(path, { progress: silentProgress });
  const folder = await sweepJudgeFolder(sweep);
  const { requests } = collectJudgeRequests(sweep, await sweep.judge!.open());
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
    return counted(part, { layers, rows: step.rows * step.queryLength, headRows: 0 }, () => run(ids, step));
  };
  network.topTokens = (input) => {
    const rows = input.scores.length;
    return counted(heads, { layers: 0, rows, headRows: rows }, () => topTokens(input));
  };
}

async function counted<Result>(
  part: Part,
  pass: { readonly layers: number; readonly rows: number; readonly headRows: number },
  run: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const result = await run();
  part.seconds += (performance.now() - startedAt) / 1000;
  part.tokens += pass.rows;
  part.gflop += workOf(network.manifest.architecture, { ...pass, step: 1, past: 0 }).flops / 1e9;
  return result;
}

function share(part: number): string {
  return `${((100 * part) / seconds).toFixed(0)} %`;
}
