/**
 * Measures what quantising costs and brings: size on disk, speed, and how near a checkpoint's answers and
 * distributions stay to those at fp32, exit by exit.
 *
 *     npx tsx scripts/measure/precision.ts <checkpoint> <instructions> [instructions to use] [tokens an answer]
 *
 * Speed is that of the last exit. A precision's rounds alternate with the others', so that a busy machine
 * slows them alike.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../src/data/instructions.ts';
import { teacherForce } from '../../src/engine/forced/teacher-force.ts';
import { measureDecodeSpeed } from '../../src/engine/greedy/decode-speed.ts';
import { generate } from '../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { headOfExit } from '../../src/model/folder/manifest.ts';
import { PRECISIONS, type Precision } from '../../src/model/quantise/precision.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { formatRows } from '../../src/terminal/result-table.ts';

const [source, instructionsFile, count = '24', tokens = '24'] = process.argv.slice(2) as [string, string];
const checkpoint = resolve(source);
const tokenizer = openTokenizer(checkpoint);
const prompts = readInstructions(instructionsFile)
  .slice(0, Number(count))
  .map((instruction) => tokenizer.encode(alpacaPrompt(instruction)));
const MAX_POSITIONS = 20;
const ROUNDS = 3;
const SPEED_STEPS = { 1: 24, 16: 8 } as const;

/** An answer's ids, by prompt and exit. */
type Answers = readonly ReadonlyMap<number, readonly number[]>[];

interface Opened {
  readonly precision: Precision;
  readonly network: SegmentedModel;
  readonly megabytes: number;
}

const root = mkdtempSync(`${checkpoint}-precision-`);
try {
  const models = await Promise.all(PRECISIONS.map(open));
  const exits = models[0]!.network.manifest.exits;
  const speeds = await measureSpeeds(models);
  const answers = new Map<Precision, Answers>();
  for (const { precision, network } of models) answers.set(precision, await answer(network));
  const exact = answers.get('fp32')!;
  const kl = await measureKl(models, exact);
  const overall = models.map(({ precision, megabytes }) => {
    const equal = exits.map((exit) => shareOfEqual(exact, answers.get(precision)!, exit));
    const [one, sixteen] = speeds.get(precision)!;
    return [precision, megabytes, one!, sixteen!, mean(equal), mean(kl.get(precision)!)];
  });
  print(
    ['precision', 'MB', 'tokens/s, batch 1', 'tokens/s, batch 16', 'equal answers', 'KL in nats'],
    overall,
  );
  const byExit = exits.map((exit, index) => [
    exit,
    ...models
      .slice(1)
      .flatMap(({ precision }) => [
        shareOfEqual(exact, answers.get(precision)!, exit),
        kl.get(precision)![index]!,
      ]),
  ]);
  const quantised = models.slice(1).flatMap(({ precision }) => [`${precision}: equal`, `${precision}: KL`]);
  print(['exit', ...quantised], byExit);
  console.log(`${prompts.length} instructions, at most ${tokens} tokens an answer`);
} finally {
  rmSync(root, { recursive: true });
}

async function open(precision: Precision): Promise<Opened> {
  const folder = join(root, precision);
  importCheckpoint(checkpoint, folder, { precision });
  const bytes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  const megabytes = Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1e6);
  return { precision, network: await SegmentedModel.open(folder), megabytes };
}

/** Tokens a second at each batch size, the best of some rounds. */
async function measureSpeeds(models: readonly Opened[]): Promise<Map<Precision, number[]>> {
  const best = new Map(PRECISIONS.map((precision) => [precision, [0, 0]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { precision, network } of models) {
      for (const [index, [batchSize, steps]] of Object.entries(SPEED_STEPS).entries()) {
        const settings = { batchSize: Number(batchSize), steps };
        const exit = network.manifest.exits.at(-1)!;
        const run = await measureDecodeSpeed(network, prompts[0]!, exit, settings);
        const speed = Math.round((run.tokens / run.durationMs) * 10_000) / 10;
        best.get(precision)![index] = Math.max(best.get(precision)![index]!, speed);
      }
    }
  }
  return best;
}

async function answer(network: SegmentedModel): Promise<Answers> {
  const { exits, eosTokenIds } = network.manifest;
  const found = prompts.map(() => new Map<number, readonly number[]>());
  const asked = prompts.map((ids, tag) => ({ tag, ids, exits }));
  const settings = { maxNewTokens: Number(tokens), eosTokenIds, batchSize: 16 };
  for await (const { tag, exit, tokenIds } of generate(network, asked, settings))
    found[tag]!.set(exit, tokenIds);
  return found;
}

function shareOfEqual(exact: Answers, other: Answers, exit: number): number {
  return mean(
    exact.map((byExit, index) => Number(String(byExit.get(exit)) === String(other[index]!.get(exit)))),
  );
}

/**
 * For each exit KL(fp32 ‖ quantised) in nats along fp32's answers at full depth, mean over positions and
 * instructions.
 */
async function measureKl(models: readonly Opened[], exact: Answers): Promise<Map<Precision, number[]>> {
  const sums = new Map<Precision, number[][]>(PRECISIONS.map((precision) => [precision, []]));
  for (const [index, prompt] of prompts.entries()) {
    const answerIds = exact[index]!.get(models[0]!.network.manifest.exits.at(-1)!)!;
    if (answerIds.length === 0) continue;
    const along = answerIds.slice(0, MAX_POSITIONS);
    const positions = along.length;
    const logits: Float32Array[][] = [];
    for (const { network } of models) logits.push(await logitsAlong(network, prompt, along));
    for (const [model, { precision }] of models.entries())
      sums
        .get(precision)!
        .push(logits[model]!.map((found, exit) => meanKl(logits[0]![exit]!, found, positions)));
  }
  const byExit = (rows: readonly number[][]) =>
    rows[0]!.map((_, exit) => mean(rows.map((row) => row[exit]!)));
  return new Map([...sums].map(([precision, rows]) => [precision, byExit(rows)]));
}

async function logitsAlong(network: SegmentedModel, prompt: readonly number[], answerIds: readonly number[]) {
  const { exits } = network.manifest;
  const continuations = [{ context: prompt, continuation: answerIds }];
  const [states] = await teacherForce(network, continuations, { exits });
  const found: Float32Array[] = [];
  for (const exit of exits)
    found.push(await network.logits(headOfExit(network.manifest, exit, source).file, states!.get(exit)!));
  return found;
}

/** @param reference, other logits [positions, V] */
function meanKl(reference: Float32Array, other: Float32Array, positions: number): number {
  const V = reference.length / positions;
  const values = Array.from({ length: positions }, (_, position) => {
    const [p, q] = [reference, other].map((logits) => logits.subarray(position * V, (position + 1) * V));
    const [logP, logQ] = [logSum(p!), logSum(q!)];
    let kl = 0;
    for (let id = 0; id < V; id++) kl += Math.exp(p![id]! - logP) * (p![id]! - logP - q![id]! + logQ);
    return kl;
  });
  return mean(values);
}

function logSum(logits: Float32Array): number {
  let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
  for (const logit of logits) largest = Math.max(largest, logit);
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function print(columns: readonly string[], rows: readonly (string | number)[][]): void {
  console.log(formatRows({ columns: [...columns], rows: rows.map((row) => [...row]) }, 'table').stdout);
}
