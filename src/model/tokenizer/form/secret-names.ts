import { randomUUID } from 'node:crypto';
import type { PromptPiece } from '../../../data/prompts/prompt-form.ts';
import type { TokenizerJson } from '../tokenizer-json.ts';
import { namesIn } from './names-in.ts';

interface Encoder {
  encode(text: string): { ids: number[] };
}

/**
 * An encoder in which special tokens of the form are tokens and those typed in an instruction are text. The tokenizer
 * that it opens knows each special token under a name that nobody can type, and the form is written with these names:
 * so the words around a token, and what it takes of the white space beside it, are split as Hugging Face's library does.
 * @param special the names of special tokens with their ids
 * @param open called at the first prompt that has pieces: a second table of merges takes memory
 */
export function formEncoder(
  json: TokenizerJson,
  special: ReadonlyMap<string, number>,
  open: (json: TokenizerJson) => Encoder,
): (pieces: readonly PromptPiece[]) => number[] {
  const secret = randomUUID();
  const secretOf = (id: number) => `\uFDD0${secret}:${id}\uFDD1`;
  const find = namesIn(special);
  let opened: Encoder | undefined;
  return (pieces) => {
    opened ??= open(withSecretNames(json, special, secretOf));
    const written = pieces.map(({ text, isTyped }) => {
      const plain = text.replace(/\p{Surrogate}/gu, '\uFFFD');
      return isTyped ? plain : plain.replace(find, (name) => secretOf(special.get(name)!));
    });
    return opened.encode(written.join('')).ids;
  };
}

function withSecretNames(
  json: TokenizerJson,
  special: ReadonlyMap<string, number>,
  secretOf: (id: number) => string,
): TokenizerJson {
  const byId = new Map(json.added_tokens.map((token) => [token.id, token]));
  const words = json.added_tokens.filter(({ content }) => !special.has(content));
  const tokens = [...new Set(special.values())].map((id) => {
    return { ...byId.get(id), id, content: secretOf(id), special: true, normalized: false };
  });
  return { ...json, added_tokens: [...words, ...tokens], post_processor: null };
}
