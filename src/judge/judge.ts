import type { Instruction, StopReason } from '../core/domain.ts';

/** What a judge wrote about one prompt. */
export interface JudgeAnswer {
  /** Only what the judge generated, never the prompt. */
  readonly rawText: string;
  readonly stopReason: StopReason;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly durationMs: number;
  /** Tokens of the responses that did not fit into the judge's context; missing where all did. */
  readonly cutTokens?: number;
}

/** A prompt that got no answer; nothing is stored for it, so that the next call asks again. */
export interface JudgeFailure {
  /** Why, in a few words. */
  readonly error: string;
}

export type JudgeReply<Tag> = { readonly tag: Tag } & (JudgeAnswer | JudgeFailure);

export type JudgeSetting =
  | string
  | number
  | boolean
  | null
  | readonly JudgeSetting[]
  | { readonly [key: string]: JudgeSetting };

/** Settings that change what a judge writes; part of the key of every judgement. */
export type JudgeDecoding = Readonly<Record<string, JudgeSetting>>;

export interface JudgePrompt<Tag> {
  readonly tag: Tag;
  readonly text: string;
  /** What the text was made of, for a judge that has to shorten it; without it the text is taken as it is. */
  readonly pair?: {
    readonly instruction: Pick<Instruction, 'instruction' | 'input'>;
    /** In slots 1 and 2. */
    readonly responses: readonly [string, string];
  };
}

/** Somebody who reads judge prompts and writes verdicts. */
export interface Judge {
  readonly label: string;
  /** Content key of the judge itself. */
  readonly key: string;
  readonly decoding: JudgeDecoding;
  /** How it differs from PandaLM's own settings, in a few words each; shown wherever its verdicts appear. */
  readonly deviations: readonly string[];
  /** Prompts that are longer are shortened before it is asked (`fitText`); missing where it takes any, or shortens itself. */
  readonly maxPromptCharacters?: number | undefined;
  /** Replies come back in any order, each with its prompt's tag; one that failed does not end the others. */
  ask<Tag>(prompts: Iterable<JudgePrompt<Tag>>, signal?: AbortSignal): AsyncGenerator<JudgeReply<Tag>>;
  close(): Promise<void>;
}
