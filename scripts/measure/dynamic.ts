/**
 * Measures dynamic inference beside plain decoding at full depth, in one run: speculative decoding by draft exit and
 * number of tokens, adaptive depth by threshold.
 *
 *     npx tsx scripts/measure/dynamic.ts <model folder> <instructions> [instructions] [tokens an answer] [batches] [rounds] [settings]
 *
 * `settings` is a regular expression: plain decoding and the settings whose names it finds (default: all).
 *
 * One thread computes; times are processor time of the process, prompts included. Every setting has a turn in each round,
 * and its fastest round counts: what else the machine does only makes a round slower.
 */
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../src/data/instructions.ts';
import { type DynamicSettings, generateAny } from '../../src/engine/dynamic/generate-any.ts';
import type { Finished } from '../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { formatRows } from '../../src/terminal/result-table.ts';

const [folder, file, count = '60', tokens = '48', batches = '1,4,16', rounds = '7', wanted = ''] =
  process.argv.slice(2) as [string, string];
const THRESHOLDS = [0.5, 0.7, 0.9, 0.99];
const tokenizer = openTokenizer(folder);
const instructions = readInstructions(file).slice(0, Number(count));
const prompts = instructions.map((instruction) => tokenizer.encode(alpacaPrompt(instruction)));

/** Plain decoding runs the graphs that it has without dynamic inference. */
const plain = await SegmentedModel.open(folder, 1);
const stepwise = await SegmentedModel.openStepwise(folder, 1);
const { exits } = plain.manifest;
const depth = exits.at(-1)!;

interface Setting {
  readonly name: string;
  readonly dynamic: DynamicSettings;
}

const drafts = [0, 1, Math.floor(exits.length / 2)].map((index) => exits[index]!);
const SETTINGS: readonly Setting[] = [
  { name: 'plain', dynamic: {} },
  ...[...new Set(drafts)].flatMap((draft) => [
    ...[2, 4].map((k) => ({
      name: `draft ${draft}, always ${k}`,
      dynamic: { speculative: { draft, tokens: k, isFixed: true } },
    })),
    { name: `draft ${draft}, up to 8`, dynamic: { speculative: { draft, tokens: 8 } } },
  ]),
  ...THRESHOLDS.flatMap((threshold) => [
    { name: `adaptive ${threshold}`, dynamic: { adaptive: { threshold } } },
    { name: `carried ${threshold}`, dynamic: { adaptive: { threshold, skipped: 'carried' as const } } },
  ]),
].filter(({ name }) => name === 'plain' || new RegExp(wanted).test(name));

interface Measured {
  readonly answers: readonly Finished<number>[];
  readonly tokensPerSecond: number;
}

for (const batchSize of batches.split(',').map(Number)) {
  const measured = new Map<Setting, Measured[]>(SETTINGS.map((setting) => [setting, []]));
  for (let round = 0; round < Number(rounds); round++)
    for (const setting of SETTINGS) measured.get(setting)!.push(await measure(setting, batchSize));
  report(batchSize, measured, measured.get(SETTINGS[0]!)!);
}
console.log(`${prompts.length} instructions, at most ${tokens} tokens an answer, exits ${exits.join(', ')}`);
await plain.close();
await stepwise.close();

async function measure({ dynamic }: Setting, batchSize: number): Promise<Measured> {
  const isPlain = !dynamic.adaptive && !dynamic.speculative;
  const settings = { maxNewTokens: Number(tokens), batchSize, eosTokenIds: plain.manifest.eosTokenIds };
  const asked = prompts.map((ids, tag) => ({ tag, ids, exits: [depth] }));
  const before = process.cpuUsage();
  const answers: Finished<number>[] = [];
  for await (const one of generateAny(isPlain ? plain : stepwise, asked, { ...settings, ...dynamic }))
    answers.push(one);
  const { user, system } = process.cpuUsage(before);
  const made = sum(answers.map(({ tokenIds }) => tokenIds.length));
  return { answers, tokensPerSecond: made / ((user + system) / 1e6) };
}

function report(
  batchSize: number,
  measured: ReadonlyMap<Setting, Measured[]>,
  base: readonly Measured[],
): void {
  const rows = [...measured].map(([{ name }, rounds]) => {
    const { answers } = rounds[0]!;
    const speed = fastest(rounds);
    const ratio = speed / fastest(base);
    return [
      name,
      round(speed, 1),
      round(ratio, 2),
      acceptance(answers),
      layers(answers),
      equal(answers, base),
      right(answers),
    ];
  });
  const columns = ['setting', 'tokens/s', '× plain', 'accepted', 'layers a token', 'as plain', 'right'];
  console.log(`\nBatch ${batchSize}`);
  console.log(formatRows({ columns, rows }, 'md').stdout);
}

function acceptance(answers: readonly Finished<number>[]): number | null {
  const drafted = sum(answers.map(({ drafts }) => drafts?.drafted ?? 0));
  return drafted === 0 ? null : round(sum(answers.map(({ drafts }) => drafts?.accepted ?? 0)) / drafted, 3);
}

function layers(answers: readonly Finished<number>[]): number {
  const left = answers.flatMap(({ tokenIds, tokenExits }) => tokenExits ?? tokenIds.map(() => depth));
  return round(sum(left) / left.length, 2);
}

/** Share of answers with the ids of plain decoding. */
function equal(answers: readonly Finished<number>[], base: readonly Measured[]): number {
  const expected = new Map(base[0]!.answers.map(({ tag, tokenIds }) => [tag, tokenIds.join()]));
  return round(
    answers.filter(({ tag, tokenIds }) => expected.get(tag) === tokenIds.join()).length / answers.length,
    3,
  );
}

/** Share of the known answers that were given. */
function right(answers: readonly Finished<number>[]): number | null {
  const known = answers.filter(({ tag }) => instructions[tag]!.answer !== undefined);
  if (known.length === 0) return null;
  const text = ({ tokenIds }: Finished<number>) => tokenizer.decode(tokenIds).trim();
  return round(
    known.filter((one) => text(one) === instructions[one.tag]!.answer!.trim()).length / known.length,
    3,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function fastest(rounds: readonly Measured[]): number {
  return Math.max(...rounds.map(({ tokensPerSecond }) => tokensPerSecond));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
