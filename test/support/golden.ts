import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { headOfExit } from '../../src/model/manifest.ts';
import { openTokenizer } from '../../src/model/tokenizer.ts';
import { forward } from '../../src/runtime/forward.ts';
import { generate } from '../../src/runtime/generate.ts';
import type { Network } from '../../src/runtime/network.ts';

/** What transformers computed for one prompt; both records are keyed by exit. */
const caseSchema = z.object({
  prompt: z.string(),
  prompt_ids: z.array(z.int()).min(1),
  /** Greedy ids after the prompt, up to the first end of sequence or the limit. */
  exits: z.record(z.string(), z.array(z.int()).min(1)),
  /** The five largest logits after the prompt, falling; the first cases have them. */
  logits: z.record(z.string(), z.object({ ids: z.array(z.int()), values: z.array(z.number()) })).default({}),
});
const goldenSchema = z.object({ cases: z.array(caseSchema).min(1) });
export type GoldenCase = z.output<typeof caseSchema>;

export const readGolden = (path: string): GoldenCase[] =>
  goldenSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).cases;

/** Ids that our tokenizer makes of each prompt. */
export function promptIds(checkpoint: string, cases: readonly GoldenCase[]): number[][] {
  const tokenizer = openTokenizer(checkpoint);
  return cases.map(({ prompt }) => tokenizer.encode(prompt));
}

/** Greedy ids of all cases at all exits in one go, in the golden file's form. */
export async function greedyIds(network: Network, cases: readonly GoldenCase[]) {
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

/** Largest distance of our logits from the golden ones, relative to the largest logit of that exit. */
export async function logitDistance(network: Network, { prompt_ids, logits }: GoldenCase): Promise<number> {
  const { exits, architecture } = network.manifest;
  const { hidden } = await forward(network, prompt_ids, {
    segments: exits.length,
    from: prompt_ids.length - 1,
  });
  let largest = 0;
  for (const exit of keys(logits)) {
    const head = headOfExit(network.manifest, exit, 'golden').file;
    const ours = await network.logits(head, hidden[exits.indexOf(exit)]!);
    if (ours.length !== architecture.vocabSize) throw new Error('logits of another vocabulary');
    const { ids, values } = logits[exit]!;
    const scale = Math.max(1, Math.abs(values[0]!));
    ids.forEach((id, index) => {
      largest = Math.max(largest, Math.abs(ours[id]! - values[index]!) / scale);
    });
  }
  return largest;
}

const keys = (record: Record<string, unknown>) => Object.keys(record).map(Number);
