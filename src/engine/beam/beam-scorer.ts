import type { BeamRule } from '../../core/decoding/answer-decoding.ts';

/**
 * The bookkeeping of beam search for one prompt, as transformers does it. Pure: from the best continuations
 * it selects the beams that live on. There are two rules, since transformers changed its own:
 *
 * - `transformers-4.28` (PandaLM's pin; `BeamSearchScorer`): a finished hypothesis is ranked by its
 *   log-probability divided by the length of prompt and response together, without the end token;
 * - `transformers-4.36` (and later; `_beam_search`): divided by the length of the response alone, with the
 *   end token.
 *
 * Early stopping is on and the length penalty is 1, as in PandaLM.
 */

export interface BeamSettings {
  readonly numBeams: number;
  readonly rule: BeamRule;
  readonly eosTokenIds: readonly number[];
  readonly promptLength: number;
  /** Limit of prompt and response together. */
  readonly maxLength: number;
}

/**
 * A continuation of one beam; `score` is the log-probability of the whole response, penalties included, in
 * float32.
 */
export interface Candidate {
  readonly beam: number;
  readonly token: number;
  readonly score: number;
}

/** A living beam. */
export interface Beam {
  readonly tokens: readonly number[];
  readonly score: number;
  /** The beam of the previous step that it continues; its keys and values are the ones to keep. */
  readonly parent: number;
}

export interface Hypothesis {
  /** With the end token, where it was reached. */
  readonly tokens: readonly number[];
  /** Whether it reached the end token. */
  readonly isFinished: boolean;
}

export interface BeamScorer {
  readonly beams: readonly Beam[];
  readonly isDone: boolean;
  /** Number of candidates that `advance` needs. */
  readonly candidates: number;
  /** One step: the best continuations over all beams, best first. */
  advance(candidates: readonly Candidate[]): void;
  /** The response: the best so far where the search is not done. */
  best(): Hypothesis;
}

export function createBeamScorer(settings: BeamSettings): BeamScorer {
  switch (settings.rule) {
    case 'transformers-4.28':
      return new LengthOfAllScorer(settings);
    case 'transformers-4.36':
      return new LengthOfAnswerScorer(settings);
    default:
      throw new Error(`no beam rule ${JSON.stringify(settings.rule satisfies never)}`);
  }
}

interface Ranked extends Hypothesis {
  readonly rank: number;
}

const START: readonly Beam[] = [{ tokens: [], score: 0, parent: 0 }];

/** `BeamSearchScorer` and `BeamHypotheses` of transformers 4.28.1. */
class LengthOfAllScorer implements BeamScorer {
  readonly candidates: number;
  readonly #settings: BeamSettings;
  #beams = START;
  #isDone = false;
  #isCut = false;
  #hypotheses: Ranked[] = [];

  constructor(settings: BeamSettings) {
    this.#settings = settings;
    this.candidates = 2 * settings.numBeams;
  }

  get beams(): readonly Beam[] {
    return this.#beams;
  }

  get isDone(): boolean {
    return this.#isDone || this.#isCut;
  }

  advance(candidates: readonly Candidate[]): void {
    const { numBeams, eosTokenIds, promptLength, maxLength } = this.#settings;
    const next: Beam[] = [];
    for (const [rank, { beam, token, score }] of candidates.entries()) {
      const parent = this.#beams[beam]!;
      if (!eosTokenIds.includes(token)) next.push({ tokens: [...parent.tokens, token], score, parent: beam });
      else if (rank < numBeams)
        this.#add([...parent.tokens, eosTokenIds[0]!], parent.tokens.length, score, true);
      if (next.length === numBeams) break;
    }
    this.#beams = next;
    this.#isDone = this.#hypotheses.length >= numBeams;
    this.#isCut = promptLength + next[0]!.tokens.length >= maxLength;
  }

  best(): Hypothesis {
    if (!this.#isDone) {
      for (const { tokens, score } of this.#beams) this.#add(tokens, tokens.length, score, false);
    }
    // The last of equals, as popping from a stably sorted list returns it.
    return this.#hypotheses.reduce((best, next) => (next.rank >= best.rank ? next : best));
  }

  /** Keeps the `numBeams` best; of two equally bad ones it drops the earlier. */
  #add(tokens: readonly number[], answerLength: number, score: number, isFinished: boolean): void {
    const { numBeams, promptLength } = this.#settings;
    const rank = score / (promptLength + answerLength);
    const worst = Math.min(...this.#hypotheses.map((hypothesis) => hypothesis.rank));
    if (this.#hypotheses.length >= numBeams && rank <= worst) return;
    this.#hypotheses.push({ tokens, rank, isFinished });
    if (this.#hypotheses.length <= numBeams) return;
    const index = this.#hypotheses.findIndex((hypothesis) => hypothesis.rank === worst);
    this.#hypotheses.splice(index, 1);
  }
}

/** `GenerationMixin._beam_search` of transformers 4.36 and later; it adds and divides in float32. */
class LengthOfAnswerScorer implements BeamScorer {
  readonly candidates: number;
  readonly #settings: BeamSettings;
  #beams = START;
  #isDone = false;
  #hypotheses: Ranked[] = [];

  constructor(settings: BeamSettings) {
    this.#settings = settings;
    this.candidates = Math.max(2, 1 + settings.eosTokenIds.length) * settings.numBeams;
  }

  get beams(): readonly Beam[] {
    return this.#beams;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  advance(candidates: readonly Candidate[]): void {
    const { numBeams, eosTokenIds, promptLength, maxLength } = this.#settings;
    const length = this.#beams[0]!.tokens.length + 1;
    const isCut = promptLength + length >= maxLength;
    const continued = candidates.map(({ beam, token, score }) => ({
      tokens: [...this.#beams[beam]!.tokens, token],
      score,
      parent: beam,
      isFinished: eosTokenIds.includes(token),
    }));
    const ended = continued.slice(0, numBeams).filter(({ isFinished }) => isFinished || isCut);
    const ranked = ended.map((beam): Ranked => ({ ...beam, rank: Math.fround(beam.score / length) }));
    // Array.sort is stable, so the earlier of equals stays in front, as topk over the merged list has it.
    this.#hypotheses = [...this.#hypotheses, ...ranked].sort((a, b) => b.rank - a.rank).slice(0, numBeams);
    this.#beams = continued.filter(({ isFinished }) => !isFinished).slice(0, numBeams);
    this.#isDone = isCut || this.#hypotheses.length === numBeams;
  }

  best(): Hypothesis {
    return this.#hypotheses[0] ?? { tokens: this.#beams[0]!.tokens, isFinished: false };
  }
}
