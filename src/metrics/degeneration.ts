import type { DegenerationClass } from '../core/domain.ts';

/**
 * When a response looks degenerate. PandaLM was seen to prefer early exits' gibberish to responses that people prefer; a win
 * of such a response says more about the judge than about the model.
 *
 * A response without characters is `empty`. It looks degenerate when it is `repetitive`: much of it stands just before, or it
 * deflates to little; or `unlikely`: the reference model, given the prompt, would not have written it. What was not measured
 * speaks for no class.
 *
 * Chosen on the nano run: right answers go down to −1.9 nats a token, the median of SFT's exits 3 to 7 lies below −6.
 * Tried on SmolLM2-135M with eight of PandaLM's instructions, 40 tokens each: 8, 8, 5 and 1 of the answers of exits 9, 21, 27 and
 * 30 look degenerate. A loop is likely to go on (−1.4 nats a token at exit 9), and a stray full stop repeats nothing: neither
 * measure alone finds both.
 */
export const DEGENERATE_LIMITS = {
  /** Repetition from here on is too much. */
  repetition: 0.5,
  /** Compression down from here is too much. */
  compression: 0.25,
  /** Nats a token, under the reference; less is unlikely. −4 is a perplexity of 55. */
  meanLogProbability: -4,
} as const;

/** The classes that look degenerate; an empty response is a class of its own. */
export const DEGENERATE_CLASSES: readonly DegenerationClass[] = ['repetitive', 'unlikely'];
