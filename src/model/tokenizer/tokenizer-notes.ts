import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { isThere } from '../checkpoint/regular-file.ts';
import { decideFirstToken } from './first-token.ts';
import { openTokenizerModel } from './sentencepiece-tokenizer.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { openTextTokenizer } from './tokenizer.ts';
import { TOKENIZER_JSON, TOKENIZER_MODEL } from './tokenizer-files.ts';

/** What is decided about a checkpoint's tokenizer. */
export interface TokenizerDecisions {
  /** Begins prompts in the place of the tokenizer's own first token; missing where that one stays. */
  readonly bosTokenId?: number;
  /** For people to read. */
  readonly notes: readonly string[];
}

/**
 * Opens a checkpoint's tokenizer, decides on its first token and compares its two files, where it has both.
 * @throws InputError as `openTokenizer` does
 */
export function decideTokenizer(checkpoint: string): TokenizerDecisions {
  const tokenizer = openTextTokenizer(checkpoint);
  const first = decideFirstToken(checkpoint, tokenizer);
  return {
    ...(first?.id !== undefined && { bosTokenId: first.id }),
    notes: [...(first ? [first.note] : []), ...agreement(checkpoint, tokenizer)],
  };
}

/** Of many ways of writing; without anything that looks like a special token. */
const TEXTS = [
  'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nName three colors.\n\n### Response:\n',
  'The quick brown fox can\u2019t jump over 13 lazy dogs, but they\u2019ll try.',
  '1,024 + 2.5e-10 = 1024.00000000025; 50% of \u00a330 is \u00a315.',
  'def f(x: int) -> str:\n    return f"{x!r}"  # comment\n\n\n\tif (a && b) { return a[0]; }\r\n',
  ' one space first',
  'two  spaces,   three    four',
  'ends with spaces   ',
  '\n\nbegins with line breaks',
  'Die Gr\u00f6\u00dfe der \u00dcbung \u00fcberraschte; l\u2019\u00e9l\u00e8ve na\u00eff, el ni\u00f1o, \u0141\u00f3d\u017a.',
  '\u0421\u044a\u0435\u0448\u044c \u0436\u0435 \u0435\u0449\u0451 \u044d\u0442\u0438\u0445 \u0431\u0443\u043b\u043e\u043a. \u039a\u03b1\u03bb\u03cc\u03c2.',
  '\u4eba\u4eba\u751f\u800c\u81ea\u7531\u3002\u3059\u3079\u3066\u306e\u4eba\u9593\u306f\u3001\uc790\uc720\ub85c\uc6b0\uba70.',
  '\u0938\u092d\u0940 \u092e\u0928\u0941\u0937\u094d\u092f\u094b\u0902 \u064a\u0648\u0644\u062f \u05db\u05dc \u0e21\u0e19\u0e38\u0e29\u0e22\u0e4c',
  '\ud83d\ude42 \ud83d\udc69\u200d\ud83d\udc67 \u2200\u03b5>0 \u00bd \u00b2 \u2167 \u2460 \ufb01 \u212b e\u0301',
  '\u00a0\u3000\u200b\ufeff\u00ad\t\u0007',
  '!!! ... --- ___ ``` \'\' "" {} [] () <> @ # $ % ^ & * ~',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
];

/** Whether tokenizer.model gives the ids of tokenizer.json, which holds; nothing where one of them is missing. */
function agreement(folder: string, tokenizer: TextTokenizer): string[] {
  if (![TOKENIZER_JSON, TOKENIZER_MODEL].every((name) => isThere(join(folder, name)))) return [];
  try {
    const other = openTokenizerModel(folder);
    const differing = TEXTS.filter((text) => `${tokenizer.encodeText(text)}` !== `${other.encodeText(text)}`);
    if (differing.length === 0)
      return [`tokenizer.model gives the ids of tokenizer.json on ${TEXTS.length} texts`];
    const example = JSON.stringify(differing[0]!.slice(0, 40));
    return [
      `tokenizer.json holds: tokenizer.model gives other ids on ${differing.length} of ${TEXTS.length} texts, such as ${example}`,
    ];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [`tokenizer.json holds; tokenizer.model was not compared: ${error.found}`];
  }
}
