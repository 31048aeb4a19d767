import type { Known } from '../core/domain.ts';
import type { CameBack } from '../data/answers/answer-of.ts';
import type { PromptParts } from '../data/prompt-parts.ts';
import type { JudgeModel } from './judge-model.ts';
import type { CompleterDecoding, CompleterSettings } from './protocols/completer-settings.ts';

export interface CompleterPrompt<Tag> {
  /** Comes back with the completion. */
  readonly tag: Tag;
  readonly text: string;
  /**
   * What the text is made of, for a completer that shortens long prompts; without it the text stays whole.
   */
  readonly parts?: PromptParts;
}

/** What a completer wrote to one prompt, never the prompt. What is missing is not known. */
export interface Completion extends CameBack, Partial<Known> {
  /** Tokens of `parts.shortenable` that did not fit into the context; missing where all did. */
  readonly truncatedTokens?: number;
}

/**
 * `error`: why a prompt got no text, in a few words; nothing is stored for it, so the next call tries again.
 */
export type CompleterReply<Tag> = { readonly tag: Tag } & (Completion | { readonly error: string });

/**
 * Turns prompts into texts: a model folder, a server, a recorded file. The texts' meaning is the protocol's.
 */
export interface Completer {
  readonly label: string;
  /** Missing: not known. */
  readonly model?: JudgeModel | undefined;
  /** Content key of the completer itself, without its settings. */
  readonly key: string;
  readonly decoding: CompleterDecoding;
  readonly settings: CompleterSettings;
  /**
   * Longer prompts are shortened before they are sent; missing where any length is taken, or shortened by the
   * completer.
   */
  readonly maxPromptCharacters?: number | undefined;
  /** Replies come in any order, each with its prompt's tag; one that failed does not end the others. */
  complete<Tag>(
    prompts: Iterable<CompleterPrompt<Tag>>,
    signal?: AbortSignal,
  ): AsyncGenerator<CompleterReply<Tag>>;
  close(): Promise<void>;
}
