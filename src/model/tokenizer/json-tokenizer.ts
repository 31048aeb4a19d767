import { join } from 'node:path';
import { formEncoder } from './form/secret-names.ts';
import { openLibraryTokenizer } from './guard/guarded-tokenizer.ts';
import { frameOf, specialTokens } from './special-tokens.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { TOKENIZER_CONFIG, TOKENIZER_JSON } from './tokenizer-files.ts';
import {
  type TokenizerConfig,
  type TokenizerJson,
  tokenizerConfig,
  tokenizerJson,
} from './tokenizer-json.ts';
import { readTokenizerFile, workingTokenizer } from './working-tokenizer.ts';

/**
 * The byte pair encoding of a folder's tokenizer.json. Ids and texts are those of Hugging Face's Rust library.
 * @throws InputError `not-found`, `not-json` or `bad-checkpoint`
 */
export function openTokenizerJson(folder: string): TextTokenizer {
  const path = join(folder, TOKENIZER_JSON);
  const json = readTokenizerFile(path, tokenizerJson);
  const config = readTokenizerFile(join(folder, TOKENIZER_CONFIG), tokenizerConfig);
  return workingTokenizer(path, () => createTokenizer(json, config, path));
}

function createTokenizer(json: TokenizerJson, config: TokenizerConfig, path: string): TextTokenizer {
  const special = specialTokens(json, config);
  const specialIds = new Set(special.values());
  const added_tokens = json.added_tokens.filter(({ content }) => !special.has(content));
  // Without special tokens, the library finds none in a text and adds none.
  const library = openLibraryTokenizer({ ...json, added_tokens, post_processor: null }, path);
  const spelled = new Map([...special].map(([name, id]) => [id, name]));
  const tokenOf = (id: number) => spelled.get(id) ?? library.id_to_token(id);
  const idOf = (name: string | null | undefined) => special.get(name ?? '');
  return {
    encodePieces: formEncoder(json, special, (parts) => openLibraryTokenizer(parts, path)),
    special,
    encodeText: (text) => library.encode(text.replace(/\p{Surrogate}/gu, '\uFFFD')).ids,
    decode: (ids) => {
      const texts = ids.filter((id) => !specialIds.has(id) && library.id_to_token(id) !== undefined);
      // The library throws for an empty list; an exit that ends at once responds with ''.
      return texts.length === 0 ? '' : library.decode(texts, { clean_up_tokenization_spaces: false });
    },
    frame: frameOf(json, config, special),
    bosId: idOf(config.bos_token),
    unknownId: idOf(config.unk_token ?? json.model.unk_token),
    tokenOf,
  };
}
