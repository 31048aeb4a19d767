/** A prompt, as text and as tokens. */
export interface ReadPrompt {
  readonly text: string;
  readonly ids: readonly number[];
  /** That did not fit; missing where all did. */
  readonly truncatedTokens?: number;
}

/** What an answer of `/completions` begins with, streamed or not. */
export interface CompletionHead {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}
