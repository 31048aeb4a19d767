import { stopReasonOf } from '../greedy/stop-reason.js';
/** Greedy decoding as a search with one beam, which always takes the best continuation. */
export class GreedyScorer {
    candidates = 1;
    #limits;
    #tokens = [];
    #stopReason;
    constructor(limits) {
        this.#limits = limits;
    }
    /** Scores stay 0: added up, they would round differences between continuations away. */
    get beams() {
        return [{ tokens: this.#tokens, score: 0, parent: 0 }];
    }
    get isDone() {
        return this.#stopReason !== undefined;
    }
    advance([best]) {
        this.#tokens = [...this.#tokens, best.token];
        this.#stopReason = stopReasonOf(this.#tokens, this.#limits);
    }
    best() {
        return { tokens: this.#tokens, isFinished: this.#stopReason === 'eos' };
    }
}
