export function createBeamScorer(settings) {
    switch (settings.rule) {
        case 'transformers-4.28':
            return new LengthOfAllScorer(settings);
        case 'transformers-4.36':
            return new LengthOfAnswerScorer(settings);
        default:
            throw new Error(`no beam rule ${JSON.stringify(settings.rule)}`);
    }
}
const START = [{ tokens: [], score: 0, parent: 0 }];
/** `BeamSearchScorer` and `BeamHypotheses` of transformers 4.28.1. */
class LengthOfAllScorer {
    candidates;
    #settings;
    #beams = START;
    #isDone = false;
    #isCut = false;
    #hypotheses = [];
    constructor(settings) {
        this.#settings = settings;
        this.candidates = 2 * settings.numBeams;
    }
    get beams() {
        return this.#beams;
    }
    get isDone() {
        return this.#isDone || this.#isCut;
    }
    advance(candidates) {
        const { numBeams, eosTokenIds, promptLength, maxLength } = this.#settings;
        const next = [];
        for (const [rank, { beam, token, score }] of candidates.entries()) {
            const parent = this.#beams[beam];
            if (!eosTokenIds.includes(token))
                next.push({ tokens: [...parent.tokens, token], score, parent: beam });
            else if (rank < numBeams)
                this.#add([...parent.tokens, eosTokenIds[0]], parent.tokens.length, score, true);
            if (next.length === numBeams)
                break;
        }
        this.#beams = next;
        this.#isDone = this.#hypotheses.length >= numBeams;
        this.#isCut = promptLength + next[0].tokens.length >= maxLength;
    }
    best() {
        if (!this.#isDone) {
            for (const { tokens, score } of this.#beams)
                this.#add(tokens, tokens.length, score, false);
        }
        // The last of equals, as popping from a stably sorted list gives it.
        return this.#hypotheses.reduce((best, next) => (next.rank >= best.rank ? next : best));
    }
    /** Keeps the `numBeams` best; of two equally bad ones the earlier goes. */
    #add(tokens, answerLength, score, isFinished) {
        const { numBeams, promptLength } = this.#settings;
        const rank = score / (promptLength + answerLength);
        const worst = Math.min(...this.#hypotheses.map((hypothesis) => hypothesis.rank));
        if (this.#hypotheses.length >= numBeams && rank <= worst)
            return;
        this.#hypotheses.push({ tokens, rank, isFinished });
        if (this.#hypotheses.length <= numBeams)
            return;
        const index = this.#hypotheses.findIndex((hypothesis) => hypothesis.rank === worst);
        this.#hypotheses.splice(index, 1);
    }
}
/** `GenerationMixin._beam_search` of transformers 4.36 and later; it adds and divides in float32. */
class LengthOfAnswerScorer {
    candidates;
    #settings;
    #beams = START;
    #isDone = false;
    #hypotheses = [];
    constructor(settings) {
        this.#settings = settings;
        this.candidates = Math.max(2, 1 + settings.eosTokenIds.length) * settings.numBeams;
    }
    get beams() {
        return this.#beams;
    }
    get isDone() {
        return this.#isDone;
    }
    advance(candidates) {
        const { numBeams, eosTokenIds, promptLength, maxLength } = this.#settings;
        const length = this.#beams[0].tokens.length + 1;
        const isCut = promptLength + length >= maxLength;
        const continued = candidates.map(({ beam, token, score }) => ({
            tokens: [...this.#beams[beam].tokens, token],
            score,
            parent: beam,
            isFinished: eosTokenIds.includes(token),
        }));
        const ended = continued.slice(0, numBeams).filter(({ isFinished }) => isFinished || isCut);
        const ranked = ended.map((beam) => ({ ...beam, rank: Math.fround(beam.score / length) }));
        // Array.sort is stable, so the earlier of equals stays in front, as topk over the merged list has it.
        this.#hypotheses = [...this.#hypotheses, ...ranked].sort((a, b) => b.rank - a.rank).slice(0, numBeams);
        this.#beams = continued.filter(({ isFinished }) => !isFinished).slice(0, numBeams);
        this.#isDone = isCut || this.#hypotheses.length === numBeams;
    }
    best() {
        return this.#hypotheses[0] ?? { tokens: this.#beams[0].tokens, isFinished: false };
    }
}
