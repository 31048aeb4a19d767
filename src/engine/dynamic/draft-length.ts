import type { Architecture } from '../../model/checkpoint/architecture.ts';

/** What a draft costs and earns, in parts of one decode step at full depth. */
export interface DraftCosts {
  /** One token through the layers up to the draft's exit, and its head. */
  readonly draft: number;
  /** One more token in the pass through the layers above, whose weights are read anyway. */
  readonly verify: number;
}

/**
 * A row that rides along in a product costs about this part of reading the product's weights: a step of 16 rows takes
 * two and a half (SmolLM2-135M) to four times (nano) as long as one of a single row.
 */
const NEXT_ROW = 0.15;

/** Costs by the weights that are read: a decode step of few rows waits for memory. */
export function draftCosts(architecture: Architecture, exit: number, depth: number): DraftCosts {
  const { layer, head } = weightsOf(architecture);
  const whole = depth * layer + head;
  return {
    draft: (exit * layer + head) / whole,
    verify: (NEXT_ROW * ((depth - exit) * layer + head)) / whole,
  };
}

/** Numbers in a layer's matrices, and in a head's. */
export function weightsOf(architecture: Architecture): { readonly layer: number; readonly head: number } {
  const { hiddenSize: D, heads, kvHeads, headDim, intermediateSize, vocabSize } = architecture;
  return { layer: D * (2 * (heads + kvHeads) * headDim + 3 * intermediateSize), head: D * vocabSize };
}

/** Before a response has drafts of its own, it counts as if it had these. */
const EARLIER = { drafted: 2, accepted: 1.5 };
/** Without drafts nothing is learned: after this many tokens, one is drafted again. */
const TOKENS_BETWEEN_PROBES = 16;

/** Part of plain decoding's work, prompt included, that drafts may waste; so a response keeps 1 / 1.1 of its speed at least. */
export const MAX_WASTE = 0.1;

/** What became of a round's drafts. */
export interface DraftedRound {
  readonly drafted: number;
  /** Those that were accepted, and one that was rejected. */
  readonly compared: number;
  readonly accepted: number;
}

/**
 * How many tokens to draft next: the number in 0 … `most` that promises the most tokens for the work, if a draft is
 * accepted as often as in this response so far; but no more than could all be rejected without wasting more than `MAX_WASTE`. It
 * depends on the response's own tokens alone, and changes no id.
 */
export class DraftLength {
  readonly #costs: DraftCosts;
  readonly #most: number;
  #drafted = 0;
  #accepted = 0;
  #tokensSinceDraft = 0;
  /** Work of plain decoding so far, and what was done beyond it; below 0: saved. In steps at full depth. */
  #plain: number;
  #wasted = 0;

  /** @param promptTokens that were read: work that drafts do not change */
  constructor(costs: DraftCosts, most: number, promptTokens: number) {
    this.#costs = costs;
    this.#most = most;
    this.#plain = readingSteps(promptTokens);
  }

  record({ drafted, compared, accepted }: DraftedRound): void {
    this.#drafted += compared;
    this.#accepted += accepted;
    this.#tokensSinceDraft = drafted > 0 ? 0 : this.#tokensSinceDraft + 1;
    this.#plain += 1 + accepted;
    this.#wasted += drafted * this.#costOfDraft - accepted;
  }

  next(): number {
    const acceptance = (this.#accepted + EARLIER.accepted) / (this.#drafted + EARLIER.drafted);
    const best = bestDraftLength(acceptance, this.#costs, this.#most);
    const wanted = best === 0 && this.#tokensSinceDraft >= TOKENS_BETWEEN_PROBES ? 1 : best;
    return Math.min(wanted, this.#most, this.#affordable);
  }

  /** Tokens that could all be rejected. The token that full depth adds itself is no waste. */
  get #affordable(): number {
    return Math.floor((MAX_WASTE * (this.#plain + 1) - this.#wasted) / this.#costOfDraft);
  }

  get #costOfDraft(): number {
    return this.#costs.draft + this.#costs.verify;
  }
}

/** Work of reading a prompt, in steps at full depth. */
export function readingSteps(promptTokens: number): number {
  return 1 + (promptTokens - 1) * NEXT_ROW;
}

/** @param acceptance probability of each draft, if those before it were accepted */
export function bestDraftLength(acceptance: number, costs: DraftCosts, most: number): number {
  let best = { length: 0, tokensPerCost: 1 };
  let tokens = 1;
  for (let length = 1, chance = acceptance; length <= most; length++, chance *= acceptance) {
    tokens += chance;
    const tokensPerCost = tokens / (1 + length * (costs.draft + costs.verify));
    if (tokensPerCost > best.tokensPerCost) best = { length, tokensPerCost };
  }
  return best.length;
}
