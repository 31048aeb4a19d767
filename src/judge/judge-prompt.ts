/** The judge's prompt: PandaLM's, byte for byte (WeOpenML/PandaLM, `pandalm/utils/pandalm_inference.py`). */

import type { Instruction } from '../core/domain.ts';
import { strip } from '../core/strip.ts';

/** Special tokens of the candidates' tokenizers, which PandaLM takes out of every text. */
const SPECIAL_TOKENS =
  /<unk>|<pad>|<s>|<\/s>|\[PAD\]|<\|endoftext\|>|\[UNK\]|\[CLS\]|\[MASK\]|<\|startofpiece\|>|<\|endofpiece\|>|\[gMASK\]|\[sMASK\]/g;

const OPENING = 'Below are two responses for a given task. The task is defined by the Instruction';
const REQUEST = 'Evaluate the responses and generate a reference answer for the task.';

/**
 * Text that the judge continues with its verdict. `response1` stands in slot 1. Both are stripped; instruction and input
 * are not, as upstream.
 */
export function judgePrompt(
  { instruction, input }: Pick<Instruction, 'instruction' | 'input'>,
  response1: string,
  response2: string,
): string {
  const opening = input === '' ? OPENING : `${OPENING} with an Input that provides further context`;
  const inputPart = input === '' ? '' : `### Input:\n${input}\n\n`;
  return (
    `${opening}. ${REQUEST}\n\n### Instruction:\n${instruction}\n\n${inputPart}` +
    `### Response 1:\n${stripResponse(response1)}\n\n### Response 2:\n${stripResponse(response2)}\n\n### Evaluation:\n`
  );
}

/**
 * `text` without white space at its ends and without special tokens, in PandaLM's order: strip, take out the tokens in
 * one pass (what their removal joins is kept), strip again.
 */
export function stripResponse(text: string): string {
  return strip(strip(text).replace(SPECIAL_TOKENS, ''));
}
