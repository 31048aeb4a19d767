import { joinFloats } from '../../engine/cache/copy-floats.ts';
import type { KeptPrompts } from '../../engine/forced/kept-prompts.ts';
import { prefill } from '../../engine/forced/prefill.ts';
import type { Prompt } from '../../engine/greedy/finished.ts';
import type { ReadPrompts, StartOptions } from '../../engine/greedy/start-responses.ts';
import { MAX_PASS_TOKENS } from '../../engine/session/batches.ts';
import type { SegmentedModel } from '../../engine/session/segmented-model.ts';
import { headOfExit } from '../../model/folder/manifest.ts';
import type { ServedPrompt } from './served-prompt.ts';
import { logProbabilities, scoreToken } from './token-scores.ts';

/** How served responses start and go on: prompts come from those that are kept, tokens as each request chooses them. */
export function servedOptions(model: SegmentedModel, kept: KeptPrompts): StartOptions<ServedPrompt> {
  return {
    read: (prompts, segments) =>
      prompts[0]!.tag.readsStates
        ? readStates(model, kept, prompts, segments)
        : readKept(kept, prompts, segments),
    choose: (headFile, rows, hidden) =>
      chooseTokens(
        model,
        headFile,
        rows.map(({ prompt }) => prompt.tag),
        hidden,
      ),
  };
}

async function readKept(
  kept: KeptPrompts,
  prompts: readonly Prompt<ServedPrompt>[],
  segments: number,
): Promise<ReadPrompts> {
  const read = await kept.read(
    prompts.map(({ ids }) => ids),
    segments,
  );
  for (const [index, { cachedTokens }] of read.entries()) prompts[index]!.tag.cachedTokens = cachedTokens;
  const hidden = Array.from({ length: segments }, (_, segment) =>
    joinFloats(read.map(({ prompt }) => prompt.hidden[segment]!)),
  );
  return { places: read.map(({ prompt }) => ({ cache: prompt.cache, row: 0 })), hidden };
}

/** Prompts whose tokens all get a log-probability. */
async function readStates(
  model: SegmentedModel,
  kept: KeptPrompts,
  prompts: readonly Prompt<ServedPrompt>[],
  segments: number,
): Promise<ReadPrompts> {
  const result = await prefill(
    model,
    prompts.map(({ ids }) => ids),
    { segments, from: 0 },
  );
  const { exits, architecture } = model.manifest;
  const last: Float32Array[][] = result.hidden.map(() => []);
  for (const [row, { tag, ids }] of prompts.entries()) {
    const size = ids.length * architecture.hiddenSize;
    const states = result.hidden[exits.indexOf(tag.asked.exit)]!.subarray(row * size, (row + 1) * size);
    tag.promptLogprobs = await scorePrompt(model, tag, states);
    const { hidden } = kept.keep(ids, result, row);
    for (const [segment, state] of hidden.entries()) last[segment]!.push(state);
  }
  return { places: prompts.map((_, row) => ({ cache: result.cache, row })), hidden: last.map(joinFloats) };
}

/** @param states [T, D] of the prompt's T tokens */
async function scorePrompt(model: SegmentedModel, { asked }: ServedPrompt, states: Float32Array) {
  const { hiddenSize, vocabSize } = model.manifest.architecture;
  const { file } = headOfExit(model.manifest, asked.exit, 'exit');
  const scores = [];
  // In parts, since logits take [T, V].
  for (let start = 0; start < asked.ids.length - 1; start += MAX_PASS_TOKENS) {
    const end = Math.min(start + MAX_PASS_TOKENS, asked.ids.length - 1);
    const logits = await model.logits(file, states.subarray(start * hiddenSize, end * hiddenSize));
    for (let place = start; place < end; place++) {
      const row = logits.subarray((place - start) * vocabSize, (place - start + 1) * vocabSize);
      scores.push(scoreToken(logProbabilities(row), asked.ids[place + 1]!, asked.logprobs ?? 0));
    }
  }
  return scores;
}

/** Rows that need logits go through the head apart from those that do not; no row touches another. */
async function chooseTokens(
  model: SegmentedModel,
  headFile: string,
  rows: readonly ServedPrompt[],
  hidden: Float32Array,
): Promise<number[]> {
  const { vocabSize } = model.manifest.architecture;
  const size = hidden.length / rows.length;
  const tokens: number[] = [];
  const all = [...rows.entries()];
  const statesOf = (own: typeof all) =>
    joinFloats(own.map(([index]) => hidden.subarray(index * size, (index + 1) * size)));
  const plain = all.filter(([, row]) => !row.needsLogits);
  if (plain.length > 0) {
    const next = await model.nextTokens(headFile, statesOf(plain));
    for (const [place, [index]] of plain.entries()) tokens[index] = next[place]!;
  }
  const scored = all.filter(([, row]) => row.needsLogits);
  if (scored.length > 0) {
    const logits = await model.logits(headFile, statesOf(scored));
    for (const [place, [index, row]] of scored.entries())
      tokens[index] = row.choose(logits.subarray(place * vocabSize, (place + 1) * vocabSize));
  }
  return tokens;
}
