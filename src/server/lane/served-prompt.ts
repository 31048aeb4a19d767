import type { Prompt } from '../../engine/greedy/finished.ts';
import { isFirstLineOver } from '../../engine/greedy/first-line.ts';
import type { AskedPrompt, NewTokens, TokenLogprob } from './asked.ts';
import { logProbabilities, mostLikely, samplerOf, scoreToken } from './token-scores.ts';

interface ServedPromptOptions {
  readonly decode: (ids: readonly number[]) => string;
  /** Gets tokens as they come. */
  readonly onTokens: (tokens: NewTokens) => void;
}

/** A prompt of a client, and what is collected for its answer. */
export class ServedPrompt {
  readonly id: number;
  readonly asked: AskedPrompt;
  isCancelled = false;
  cachedTokens = 0;
  promptLogprobs: readonly TokenLogprob[] | undefined;
  readonly #logprobs: TokenLogprob[] = [];
  readonly #options: ServedPromptOptions;
  readonly #draw: (logits: Float32Array) => number;
  #sent = 0;

  constructor(id: number, asked: AskedPrompt, options: ServedPromptOptions) {
    this.id = id;
    this.asked = asked;
    this.#options = options;
    this.#draw = asked.sampling ? samplerOf(asked.sampling) : mostLikely;
  }

  /** As the engine takes it. */
  get prompt(): Prompt<ServedPrompt> {
    const { ids, exit, maxNewTokens, eosTokenIds } = this.asked;
    const stopWhen = (all: readonly number[]) => this.#isOver(all);
    return { tag: this, ids, exits: [exit], limits: { maxNewTokens, eosTokenIds, stopWhen } };
  }

  /** Whether all states of the prompt are wanted. */
  get readsStates(): boolean {
    return this.asked.echoes && this.asked.logprobs !== undefined;
  }

  /** Whether the head's own choice is not enough. */
  get needsLogits(): boolean {
    return this.asked.sampling !== undefined || this.asked.logprobs !== undefined;
  }

  get logprobs(): readonly TokenLogprob[] | undefined {
    return this.asked.logprobs === undefined ? undefined : this.#logprobs;
  }

  /** The next token after logits [V]. */
  choose(logits: Float32Array): number {
    const id = this.#draw(logits);
    if (this.asked.logprobs !== undefined)
      this.#logprobs.push(scoreToken(logProbabilities(logits), id, this.asked.logprobs));
    return id;
  }

  /** Called after every token but one that ends a sequence. */
  #isOver(tokenIds: readonly number[]): boolean {
    if (this.isCancelled) return true;
    if (this.asked.streams && this.#sent < tokenIds.length) {
      const logprobs = this.logprobs?.slice(this.#sent);
      this.#options.onTokens({ tokenIds: tokenIds.slice(this.#sent), ...(logprobs && { logprobs }) });
      this.#sent = tokenIds.length;
    }
    const { stop, endsAtFirstLine } = this.asked;
    if (stop.length === 0 && !endsAtFirstLine) return false;
    const text = this.#options.decode(tokenIds);
    return stop.some((one) => text.includes(one)) || (endsAtFirstLine === true && isFirstLineOver(text));
  }
}
