import { headOfExit } from '../../model/folder/manifest.ts';
import type { KvCache } from '../cache/kv-cache.ts';
import { prefill } from '../forced/prefill.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import type { DecodeRow, TokenChoice } from './decode-batch.ts';
import type { Prompt } from './finished.ts';

/** A response in the making; it has its first token. */
export interface ResponseRow<Tag> extends DecodeRow {
  readonly prompt: Prompt<Tag>;
  readonly exit: number;
  readonly tokenIds: number[];
  readonly startedAt: number;
  /** Its row `prefilledRow` holds the prompt's keys and values until the response joins a batch. */
  readonly prefilled: KvCache;
  readonly prefilledRow: number;
}

/** Prompts of one length that were read. */
export interface ReadPrompts {
  /** Of each prompt, the row of a cache that holds its keys and values. */
  readonly places: readonly { readonly cache: KvCache; readonly row: number }[];
  /** For each segment [prompts, D], the states of the prompts' last tokens after it. */
  readonly hidden: readonly Float32Array[];
}

/** Reads prompts of one length through the first `segments` segments. */
export type PromptReader<Tag> = (prompts: readonly Prompt<Tag>[], segments: number) => Promise<ReadPrompts>;

/** How responses start. */
export interface StartOptions<Tag> {
  /** Default: all of them in one pass. */
  readonly read?: PromptReader<Tag> | undefined;
  readonly choose?: TokenChoice<Pick<ResponseRow<Tag>, 'prompt'>>;
}

/**
 * Reads prompts of one length, each once for all of its exits, and chooses the first tokens. The rows with
 * the most work come first: the deepest.
 * @throws InputError `unknown-exit`
 */
export async function startResponses<Tag>(
  model: SegmentedModel,
  prompts: readonly Prompt<Tag>[],
  { read = readTogether(model), choose }: StartOptions<Tag> = {},
): Promise<ResponseRow<Tag>[]> {
  const startedAt = performance.now();
  const { manifest } = model;
  const starts = prompts.flatMap((prompt, index) =>
    prompt.exits.map((exit) => ({
      prompt,
      index,
      exit,
      headFile: headOfExit(manifest, exit, 'exit').file,
      segments: manifest.exits.indexOf(exit) + 1,
    })),
  );
  starts.sort((left, right) => right.segments - left.segments);
  const { places, hidden } = await read(prompts, Math.max(...starts.map(({ segments }) => segments)));
  const { length } = prompts[0]!.ids;
  const tokens = await firstTokens(model, starts, hidden, choose);
  return starts.map(({ index, ...start }, place) => {
    const { cache: prefilled, row: prefilledRow } = places[index]!;
    const token = tokens[place]!;
    return { ...start, length, lastToken: token, tokenIds: [token], startedAt, prefilled, prefilledRow };
  });
}

/** All prompts in one pass. */
export function readTogether(model: SegmentedModel): PromptReader<unknown> {
  return async (prompts, segments) => {
    const sequences = prompts.map(({ ids }) => ids);
    const { cache, hidden } = await prefill(model, sequences, { segments, from: sequences[0]!.length - 1 });
    return { places: sequences.map((_, row) => ({ cache, row })), hidden };
  };
}

interface Start<Tag> {
  readonly prompt: Prompt<Tag>;
  /** Among the prompts that were read together. */
  readonly index: number;
  readonly headFile: string;
  readonly segments: number;
}

/**
 * The first token of each start. One run for each head, which serves one exit or all of them.
 * @param hidden for each segment [prompts, D], the states of the prompts' last tokens after it
 */
async function firstTokens<Tag>(
  model: SegmentedModel,
  starts: readonly Start<Tag>[],
  hidden: readonly Float32Array[],
  choose: StartOptions<Tag>['choose'],
): Promise<number[]> {
  const { hiddenSize } = model.manifest.architecture;
  const tokens: number[] = [];
  for (const headFile of new Set(starts.map((start) => start.headFile))) {
    const own = [...starts.entries()].filter(([, start]) => start.headFile === headFile);
    const states = new Float32Array(own.length * hiddenSize);
    for (const [place, [, { segments, index }]] of own.entries()) {
      const from = index * hiddenSize;
      states.set(hidden[segments - 1]!.subarray(from, from + hiddenSize), place * hiddenSize);
    }
    const rows = own.map(([, start]) => start);
    const next = choose ? await choose(headFile, rows, states) : await model.nextTokens(headFile, states);
    for (const [place, [index]] of own.entries()) tokens[index] = next[place]!;
  }
  return tokens;
}
