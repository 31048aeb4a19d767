import type { StopReason } from '../domain.ts';

/** What a judge wrote about one prompt. */
export interface JudgeAnswer {
  /** Only what the judge generated, never the prompt. */
  readonly rawText: string;
  readonly stopReason: StopReason;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly durationMs: number;
}

/** Settings that change what a judge writes; part of the key of every judgement. */
export type JudgeDecoding = Readonly<Record<string, string | number | readonly number[]>>;

/** Somebody who reads judge prompts and writes verdicts. */
export interface Judge {
  readonly label: string;
  /** Content key of the judge itself. */
  readonly key: string;
  readonly decoding: JudgeDecoding;
  /** How it differs from PandaLM's own settings, in a few words each; shown wherever its verdicts appear. */
  readonly deviations: readonly string[];
  /** Answers come back in any order, each with its prompt's tag. */
  ask<Tag>(
    prompts: Iterable<{ readonly tag: Tag; readonly text: string }>,
    signal?: AbortSignal,
  ): AsyncGenerator<JudgeAnswer & { readonly tag: Tag }>;
  close(): Promise<void>;
}
