import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { beamSearch } from '../../src/engine/beam/beam-search.ts';
import { measureDivergence } from '../../src/engine/forced/measure-divergence.ts';
import { teacherForce } from '../../src/engine/forced/teacher-force.ts';
import { generate } from '../../src/engine/greedy/generate.ts';
import type { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import type { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { headOfExit } from '../../src/model/folder/manifest.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';

/** The largest logits at one place, falling. */
const logitsSchema = z.object({ ids: z.array(z.int()), values: z.array(z.number()) });

/** What transformers computed for one prompt; records are keyed by exit. */
const caseSchema = z.object({
  /** Absent where the ids were drawn. */
  prompt: z.string().optional(),
  prompt_ids: z.array(z.int()).min(1),
  /** Greedy ids after the prompt, up to the first end of sequence or the limit. */
  exits: z.record(z.string(), z.array(z.int()).min(1)),
  /** After the prompt; some cases have them. */
  logits: z.record(z.string(), logitsSchema).default({}),
  /** Those that the answer's last token was taken from. */
  last_logits: z.record(z.string(), logitsSchema).default({}),
  /** KL(last exit ‖ exit) in nats at each position of the last exit's answer. */
  kl: z.record(z.string(), z.array(z.number())).optional(),
  /** Beam search's answer at full depth. */
  beams: z.array(z.int()).optional(),
});
const goldenSchema = z.object({ cases: z.array(caseSchema).min(1) });
export type GoldenCase = z.output<typeof caseSchema>;
type GoldenLogits = z.output<typeof logitsSchema>;

export const readGolden = (path: string): GoldenCase[] =>
  goldenSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).cases;

/** Ids that our tokenizer makes of each prompt. */
export function promptIds(checkpoint: string, cases: readonly GoldenCase[]): number[][] {
  const tokenizer = openTokenizer(checkpoint);
  return cases.map(({ prompt }) => tokenizer.encode(prompt!));
}

/** Greedy ids of all cases at all exits in one go, in the golden file's form. */
export async function greedyIds(network: SegmentedModel, cases: readonly GoldenCase[]) {
  const results = cases.map(() => ({}) as Record<string, number[]>);
  const prompts = cases.map(({ prompt_ids, exits }, tag) => ({ tag, ids: prompt_ids, exits: keys(exits) }));
  const maxNewTokens = Math.max(
    ...cases.flatMap(({ exits }) => Object.values(exits).map((ids) => ids.length)),
  );
  const settings = { maxNewTokens, eosTokenIds: network.manifest.eosTokenIds, batchSize: 24 };
  for await (const { tag, exit, tokenIds } of generate(network, prompts, settings)) {
    results[tag]![exit] = [...tokenIds];
  }
  return results;
}

/** Answers of beam search with the settings of scripts/train/variants.py. */
export async function beamIds(network: FullDepthModel, cases: readonly GoldenCase[]) {
  const results: number[][] = [];
  const prompts = cases.map(({ prompt_ids }, tag) => ({ tag, ids: prompt_ids }));
  const settings = {
    rule: 'transformers-4.36',
    numBeams: 4,
    repetitionPenalty: 1.2,
    maxNewTokens: 24,
    eosTokenIds: network.manifest.eosTokenIds,
    batchSize: 24,
  } as const;
  for await (const { tag, tokenIds } of beamSearch(network, prompts, settings)) {
    results[tag] = [...tokenIds];
  }
  return results;
}

/** KL(last exit ‖ exit) at each position of the last exit's answer, in the golden file's form. */
export async function divergences(
  network: SegmentedModel,
  folder: string,
  { prompt_ids, exits: ids }: GoldenCase,
) {
  const { exits } = network.manifest;
  const last = exits.at(-1)!;
  const sides = { model: { folder, exits }, reference: { folder, exit: last } };
  const values: Record<string, number[]> = {};
  const continuations = [{ context: prompt_ids, continuation: ids[last]! }];
  for await (const { klNats } of measureDivergence(sides, continuations)) {
    for (const [index, exit] of exits.entries()) values[exit] = [...klNats[index]!];
  }
  return values;
}

/** For each exit, the largest absolute difference of our logits from the golden ones, over all cases. */
export async function logitDistances(network: SegmentedModel, cases: readonly GoldenCase[]) {
  const { manifest } = network;
  const { vocabSize } = manifest.architecture;
  const distances = new Map<number, number>();
  for (const { prompt_ids, exits, logits, last_logits } of cases) {
    for (const exit of keys(logits)) {
      const answer = exits[exit]!;
      const continuations = [{ context: prompt_ids, continuation: answer }];
      const [states] = await teacherForce(network, continuations, { exits: [exit] });
      const { file } = headOfExit(manifest, exit, 'golden');
      const ours = await network.logits(file, states!.get(exit)!);
      const at = (token: number) => ours.subarray(token * vocabSize, (token + 1) * vocabSize);
      const first = largestDifference(at(0), logits[exit]!);
      const last = largestDifference(at(answer.length - 1), last_logits[exit]);
      distances.set(exit, Math.max(distances.get(exit) ?? 0, first, last));
    }
  }
  return distances;
}

function largestDifference(ours: Float32Array, golden: GoldenLogits | undefined): number {
  if (golden === undefined) return 0;
  return golden.ids.reduce(
    (largest, id, index) => Math.max(largest, Math.abs(ours[id]! - golden.values[index]!)),
    0,
  );
}

const keys = (record: Record<string, unknown>) => Object.keys(record).map(Number);
