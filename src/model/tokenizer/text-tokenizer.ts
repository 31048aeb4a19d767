import type { PromptPiece } from '../../data/prompts/prompt-form.ts';

/** Ids around the ids of a text. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A tokenizer as its own files describe it. */
export interface TextTokenizer {
  /** Ids of a text alone. */
  encodeText(text: string): number[];
  /** Ids of a form's pieces as of one text: its special tokens are tokens, what is typed is text. */
  encodePieces(pieces: readonly PromptPiece[]): number[];
  /** Special tokens by their names. */
  readonly special: ReadonlyMap<string, number>;
  /** Text of ids without special tokens. */
  decode(ids: readonly number[]): string;
  readonly frame: Frame;
  /** Id of the files' `bos_token`. */
  readonly bosId: number | undefined;
  readonly unknownId: number | undefined;
  /** How an id is spelled in the vocabulary. */
  tokenOf(id: number): string | undefined;
}
