/**
 * A prompt in which two texts may lose their ends where the whole is too long, as the responses in a judge's
 * prompt. Plain data, since it crosses between threads.
 */
export interface PromptParts {
  /** What stands before, between and after the two texts; never shortened. */
  readonly fixed: readonly [before: string, between: string, after: string];
  readonly shortenable: readonly [first: string, second: string];
  /**
   * Strings that the prompt keeps out of the two texts, together with white space at their ends. A cut can
   * make new ones, so they are removed from a shortened text again. Default: a shortened text stays as it was
   * cut. A list of texts can be sent to a server; a pattern cannot.
   */
  readonly removed?: RegExp | readonly string[];
}

export function promptText({ fixed, shortenable }: PromptParts): string {
  return fixed[0] + shortenable[0] + fixed[1] + shortenable[1] + fixed[2];
}

/** Finds every one of some texts; of several at one place the first in the list. */
export function anyOf(texts: readonly string[]): RegExp {
  return new RegExp(texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}
