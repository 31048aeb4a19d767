import { join } from 'node:path';
import { isThere } from '../checkpoint/regular-file.ts';

export const TOKENIZER_JSON = 'tokenizer.json';
export const TOKENIZER_CONFIG = 'tokenizer_config.json';
export const TOKENIZER_MODEL = 'tokenizer.model';
export const ADDED_TOKENS = 'added_tokens.json';
export const SPECIAL_TOKENS_MAP = 'special_tokens_map.json';

/** The files that a folder's tokenizer is made of. */
export function tokenizerFiles(folder: string): string[] {
  return filesOf((name) => isThere(join(folder, name)));
}

/** The same of files by their names. */
export function tokenizerFilesAmong(names: readonly string[]): string[] {
  return filesOf((name) => names.includes(name));
}

/** Whether a folder's tokenizer is tokenizer.model: tokenizer.json goes first where both are there. */
export function usesSentencePiece(folder: string): boolean {
  return tokenizerFiles(folder).includes(TOKENIZER_MODEL);
}

/**
 * tokenizer.json with its settings, whether or not they are there; or tokenizer.model with those of its settings that
 * are.
 */
function filesOf(isThere: (name: string) => boolean): string[] {
  if (isThere(TOKENIZER_JSON) || !isThere(TOKENIZER_MODEL)) return [TOKENIZER_JSON, TOKENIZER_CONFIG];
  return [TOKENIZER_MODEL, ...[TOKENIZER_CONFIG, ADDED_TOKENS, SPECIAL_TOKENS_MAP].filter(isThere)];
}
