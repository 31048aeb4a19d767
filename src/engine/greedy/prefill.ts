import { headOfExit } from '../../model/folder/manifest.ts';
import type { KvCache } from '../cache/kv-cache.ts';
import { forwardTogether } from '../forced/forward.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import type { DecodeRow } from './decode-batch.ts';

/** One prompt to be answered at one or more exits. */
export interface Prompt<Tag> {
  /** Comes back with the answer. */
  readonly tag: Tag;
  readonly ids: readonly number[];
  readonly exits: readonly number[];
}

/** One answer in the making; its first token is there. */
export interface AnswerRow<Tag> extends DecodeRow {
  readonly prompt: Prompt<Tag>;
  readonly exit: number;
  readonly tokenIds: number[];
  readonly startedAt: number;
  /** Its row `prefilledRow` holds the prompt's keys and values until the answer joins a batch. */
  readonly prefilled: KvCache;
  readonly prefilledRow: number;
}

/** Beyond this many tokens, a pass gains nothing by more. */
export const USEFUL_TOKENS = 512;

/** How much may be read together: keys and values of all of it wait until the answers have places. */
export interface GroupLimits {
  readonly prompts: number;
  readonly tokens: number;
}

/**
 * Neighbours of one length, which can be read together; a group is never empty. A prompt is taken from the queue only when
 * its group is asked for, or to see that it does not belong to the one before.
 */
export function* groupsOfOneLength<Tag>(
  prompts: Iterable<Prompt<Tag>>,
  most: GroupLimits,
): Generator<Prompt<Tag>[]> {
  let group: Prompt<Tag>[] = [];
  for (const prompt of prompts) {
    const { length } = prompt.ids;
    if (group.length > 0 && group[0]!.ids.length !== length) {
      yield group;
      group = [];
    }
    group.push(prompt);
    if (group.length < most.prompts && (group.length + 1) * length <= most.tokens) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/**
 * Reads prompts of one length, each once for all of its exits. The rows come out with the most work first: the deepest.
 * @throws InputError `unknown-exit`
 */
export async function prefill<Tag>(
  model: SegmentedModel,
  prompts: readonly Prompt<Tag>[],
): Promise<AnswerRow<Tag>[]> {
  const startedAt = performance.now();
  const { manifest } = model;
  const starts = prompts.flatMap((prompt, prefilledRow) =>
    prompt.exits.map((exit) => ({
      prompt,
      prefilledRow,
      exit,
      headFile: headOfExit(manifest, exit, 'exit').file,
      segments: manifest.exits.indexOf(exit) + 1,
    })),
  );
  starts.sort((left, right) => right.segments - left.segments);
  const segments = Math.max(...starts.map((start) => start.segments));
  const sequences = prompts.map(({ ids }) => ids);
  const { length } = sequences[0]!;
  const { cache: prefilled, hidden } = await forwardTogether(model, sequences, {
    segments,
    from: length - 1,
  });
  const tokens = await firstTokens(model, starts, hidden);
  return starts.map((start, index) => {
    const token = tokens[index]!;
    return { ...start, length, lastToken: token, tokenIds: [token], startedAt, prefilled };
  });
}

interface Start {
  readonly prefilledRow: number;
  readonly headFile: string;
  readonly segments: number;
}

/** One run for each head, which serves one exit or all of them. */
async function firstTokens(
  model: SegmentedModel,
  starts: readonly Start[],
  hidden: readonly Float32Array[],
): Promise<number[]> {
  const { hiddenSize } = model.manifest.architecture;
  const tokens: number[] = [];
  for (const headFile of new Set(starts.map((start) => start.headFile))) {
    const own = [...starts.entries()].filter(([, start]) => start.headFile === headFile);
    const states = new Float32Array(own.length * hiddenSize);
    for (const [place, [, { segments, prefilledRow }]] of own.entries()) {
      const from = prefilledRow * hiddenSize;
      states.set(hidden[segments - 1]!.subarray(from, from + hiddenSize), place * hiddenSize);
    }
    const next = await model.nextTokens(headFile, states);
    for (const [place, [index]] of own.entries()) tokens[index] = next[place]!;
  }
  return tokens;
}
