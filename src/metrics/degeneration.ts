import type { DegenerationClass } from '../core/domain.ts';

/**
 * When a response looks degenerate. PandaLM was seen to prefer early exits' gibberish to responses that
 * people prefer; a win of such a response shows more about the judge than about the model.
 *
 * A response without characters is `empty`. It looks degenerate when it is `repetitive` (much of it stands
 * shortly before, or it deflates to little) or `unlikely` (the scorer model, given the prompt, would not have
 * written it). A measure that is missing puts it into no class.
 *
 * Chosen on the nano run: right responses go down to −1.9 nats a token, the median of SFT's exits 3 to 7 lies
 * below −6. Verified on SmolLM2-135M with eight of PandaLM's instructions, 40 tokens each: 8, 8, 5 and 1 of
 * the responses of exits 9, 21, 27 and 30 look degenerate. A loop is likely to continue (−1.4 nats a token at
 * exit 9), and a stray full stop repeats nothing: neither measure alone finds both.
 */
export const DEGENERATE_LIMITS = {
  /** This much repetition, or more. */
  repetition: 0.5,
  /** This compression, or stronger. */
  compression: 0.25,
  /** Nats a token under the scorer model; less is unlikely. −4 is a perplexity of 55. */
  meanLogProbability: -4,
} as const;

/**
 * Shorter responses are not measured: they may have to repeat themselves ("Repeat the word three times."),
 * and DEFLATE makes all of them longer.
 */
export const MIN_MEASURED_CHARACTERS = 20;

/** What counts as repetition. */
export const REPETITION = {
  /** Characters that must be equal. */
  run: 4,
  /** How many characters before count: an article of a thousand words has its common words many times. */
  reach: 128,
} as const;

/** The classes that look degenerate; an empty response is a class of its own. */
export const DEGENERATE_CLASSES: readonly DegenerationClass[] = ['repetitive', 'unlikely'];
