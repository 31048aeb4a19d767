import type { StopReason } from '../../core/domain.ts';
import { type StopLimits, stopReasonOf } from '../greedy/stop-reason.ts';
import type { Beam, BeamScorer, Candidate, Hypothesis } from './beam-scorer.ts';

/** Greedy decoding as a search with one beam, which always takes the best token. */
export class GreedyScorer implements BeamScorer {
  readonly candidates = 1;
  readonly #limits: StopLimits;
  #tokens: readonly number[] = [];
  #stopReason: StopReason | undefined;

  constructor(limits: StopLimits) {
    this.#limits = limits;
  }

  /** Scores stay 0: adding them up would round away the differences between tokens. */
  get beams(): readonly Beam[] {
    return [{ tokens: this.#tokens, score: 0, parent: 0 }];
  }

  get isDone(): boolean {
    return this.#stopReason !== undefined;
  }

  advance([best]: readonly Candidate[]): void {
    this.#tokens = [...this.#tokens, best!.token];
    this.#stopReason = stopReasonOf(this.#tokens, this.#limits);
  }

  best(): Hypothesis {
    return { tokens: this.#tokens, isFinished: this.#stopReason === 'eos' };
  }
}
