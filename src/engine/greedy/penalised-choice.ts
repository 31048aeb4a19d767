import { distinctIds, seenIds } from '../session/seen-ids.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';
import type { TokenChoice } from './decode-batch.ts';
import type { Prompt } from './finished.ts';

interface PenalisedRow {
  readonly prompt: Prompt<unknown>;
  /** Missing before the first token. */
  readonly tokenIds?: readonly number[];
}

/**
 * The most likely tokens after a repetition penalty, as transformers' greedy decoding chooses them: every token of the
 * prompt and the response has its logit divided by it, or multiplied where it is negative.
 * @param model opened with `openPenalised`
 */
export function penalisedChoice(model: SegmentedModel, penalty: number): TokenChoice<PenalisedRow> {
  const ofPrompts = new WeakMap<Prompt<unknown>, BigInt64Array>();
  const promptSeen = (prompt: Prompt<unknown>) => {
    const seen = ofPrompts.get(prompt) ?? distinctIds(prompt.ids);
    ofPrompts.set(prompt, seen);
    return seen;
  };
  return (headFile, rows, hidden) => {
    const seen = rows.map(({ prompt, tokenIds = [] }) => ({
      promptSeen: promptSeen(prompt),
      tokens: tokenIds,
    }));
    return model.penalisedTokens(headFile, { hidden, seenIds: seenIds(seen), penalty });
  };
}
