import { join } from 'node:path';
import { z } from 'zod';
import { isThere } from '../checkpoint/regular-file.ts';
import { namedTokens } from './special-tokens.ts';
import { ADDED_TOKENS, SPECIAL_TOKENS_MAP, TOKENIZER_CONFIG } from './tokenizer-files.ts';
import { tokenId, tokenizerConfig } from './tokenizer-json.ts';
import { readTokenizerFile } from './working-tokenizer.ts';

/** What lies beside tokenizer.model. */
export interface SentencePieceSettings {
  /** Ids of tokens that are not in the model, and of some that are. */
  readonly added: ReadonlyMap<string, number>;
  /** Tokens that are no text: those with a role, and those that are marked. */
  readonly special: ReadonlySet<string>;
  readonly bosToken: string | undefined;
  readonly eosToken: string | undefined;
  readonly addsBos: boolean;
  readonly addsEos: boolean;
  readonly addPrefixSpace: boolean | undefined;
}

const addedTokens = z.record(z.string().min(1), tokenId);
const decoderToken = z.looseObject({ content: z.string().min(1), special: z.boolean().default(false) });
const sentencePieceConfig = tokenizerConfig.extend({
  add_prefix_space: z.boolean().nullish(),
  added_tokens_decoder: z.record(z.string().regex(/^\d{1,8}$/, 'a token id'), decoderToken).nullish(),
});
const NO_CONFIG = sentencePieceConfig.parse({});

/**
 * Reads what is there of tokenizer_config.json, added_tokens.json and special_tokens_map.json. Of a role that two files
 * fill, special_tokens_map.json holds, as in transformers 4.
 * @throws InputError `not-readable`, `not-json` or `bad-checkpoint`
 */
export function readSentencePieceSettings(folder: string): SentencePieceSettings {
  const read = <S extends z.ZodType>(name: string, schema: S): z.output<S> | undefined =>
    isThere(join(folder, name)) ? readTokenizerFile(join(folder, name), schema) : undefined;
  const config = read(TOKENIZER_CONFIG, sentencePieceConfig) ?? NO_CONFIG;
  const roles = read(SPECIAL_TOKENS_MAP, tokenizerConfig) ?? NO_CONFIG;
  const marked = Object.entries(config.added_tokens_decoder ?? {});
  return {
    added: new Map([
      ...marked.map(([id, { content }]) => [content, Number(id)] as const),
      ...Object.entries(read(ADDED_TOKENS, addedTokens) ?? {}),
    ]),
    special: new Set([
      ...namedTokens(config),
      ...namedTokens(roles),
      ...marked.flatMap(([, { content, special }]) => (special ? [content] : [])),
    ]),
    bosToken: roles.bos_token ?? config.bos_token ?? undefined,
    eosToken: roles.eos_token ?? config.eos_token ?? undefined,
    addsBos: config.add_bos_token ?? true,
    addsEos: config.add_eos_token ?? false,
    addPrefixSpace: config.add_prefix_space ?? undefined,
  };
}
