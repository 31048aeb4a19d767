import type { StopReason } from '../../core/domain.ts';
import type { Beam, BeamScorer, BeamSettings, Candidate, Hypothesis } from './beam-scorer.ts';

export interface GreedySettings extends Omit<BeamSettings, 'numBeams' | 'rule'> {
  readonly maxNewTokens: number;
  /** Ends an answer early, e.g. after its first line; asked after every token. */
  readonly stopWhen?: ((tokenIds: readonly number[]) => boolean) | undefined;
}

/** Greedy decoding as a search with one beam, which always takes the best continuation. */
export class GreedyScorer implements BeamScorer {
  readonly candidates = 1;
  readonly #settings: GreedySettings;
  #tokens: readonly number[] = [];
  #stopReason: StopReason | undefined;

  constructor(settings: GreedySettings) {
    this.#settings = settings;
  }

  /** Scores stay 0: added up, they would round differences between continuations away. */
  get beams(): readonly Beam[] {
    return [{ tokens: this.#tokens, score: 0, parent: 0 }];
  }

  get isDone(): boolean {
    return this.#stopReason !== undefined;
  }

  advance([best]: readonly Candidate[]): void {
    this.#tokens = [...this.#tokens, best!.token];
    this.#stopReason = this.#whyStop(best!.token);
  }

  best(): Hypothesis {
    return {
      tokens: this.#tokens,
      isFinished: this.#stopReason === 'eos',
      ...(this.#stopReason && { stopReason: this.#stopReason }),
    };
  }

  #whyStop(token: number): StopReason | undefined {
    const { eosTokenIds, stopWhen, maxNewTokens, promptLength, maxLength } = this.#settings;
    if (eosTokenIds.includes(token)) return 'eos';
    if (stopWhen?.(this.#tokens)) return 'stop-text';
    if (this.#tokens.length >= maxNewTokens) return 'token-limit';
    return promptLength + this.#tokens.length >= maxLength ? 'context-end' : undefined;
  }
}
