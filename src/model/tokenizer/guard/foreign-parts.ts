/** The parts of a tokenizer.json that read and join texts, without its vocabulary: what runs in the guard's process. */
import type { TokenizerJson } from '../tokenizer-json.ts';
import { createLibraryTokenizer, type LibraryTokenizer } from '../tokenizer-library.ts';

/** A tokenizer.json without its model. */
export type ForeignParts = Pick<TokenizerJson, 'normalizer' | 'pre_tokenizer' | 'decoder' | 'added_tokens'>;

/** The id of an added token, or words of the text between them, to be merged together. */
export type Piece = number | readonly string[];

export interface OpenedParts {
  /** Added tokens that a text shows in another form: id, form. */
  readonly normalizedAdded: readonly (readonly [id: number, form: string])[];
  split(text: string): Piece[];
  join(tokens: readonly string[]): string;
}

const NO_MODEL = { type: 'BPE', vocab: {}, merges: [], fuse_unk: false, byte_fallback: false } as const;

/** A piece may be this many times as long as its text: three bytes for a character, 18 characters for one under NFKC. */
const MAX_GROWTH = 64;
const MAX_CHARACTERS = 1_000_000;

/** @throws Error where the library does not know a part, or a part makes a text too long */
export function openForeignParts(parts: ForeignParts): OpenedParts {
  const library = createLibraryTokenizer({ ...parts, model: NO_MODEL as never, post_processor: null });
  const { added_tokens_map: added, normalizer } = library;
  // In place of merging: the words as they are.
  const withoutMerging = Object.assign(library, { model: (words: readonly string[]) => [words] });
  return {
    normalizedAdded: normalizer
      ? parts.added_tokens
          .filter(({ normalized }) => normalized)
          .map(({ id, content }) => [id, normalizer.normalize(content)] as const)
      : [],
    split: (text) => {
      const pieces = withoutMerging.encode_text(text) as unknown as readonly (string | readonly string[])[];
      requireBounded(text.length, pieces.flat());
      return pieces.map((piece) => (typeof piece === 'string' ? added.get(piece)!.id : piece));
    },
    join: (tokens) => joined(library, tokens),
  };
}

function joined({ decoder }: LibraryTokenizer, tokens: readonly string[]): string {
  const texts = decoder ? decoder.decode_chain(tokens) : [tokens.join(' ')];
  requireBounded(lengthOf(tokens), texts);
  return texts.join('');
}

function requireBounded(before: number, texts: readonly string[]): void {
  if (lengthOf(texts) <= before * MAX_GROWTH + MAX_CHARACTERS) return;
  throw new Error(`parts that make ${lengthOf(texts)} characters of ${before}`);
}

const lengthOf = (texts: readonly string[]) => texts.reduce((sum, { length }) => sum + length, 0);
