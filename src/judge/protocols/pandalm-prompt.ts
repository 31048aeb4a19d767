/** PandaLM's prompt, byte for byte (WeOpenML/PandaLM, `pandalm/utils/pandalm_inference.py`). */

import type { Instruction } from '../../core/domain.ts';
import { strip } from '../../core/text/strip.ts';
import { anyOf, type PromptParts, promptText } from '../../data/prompt-parts.ts';

/** Special tokens of the candidates' tokenizers, which PandaLM takes out of every text. */
const SPECIAL_TOKENS = [
  ...['<unk>', '<pad>', '<s>', '</s>', '[PAD]', '<|endoftext|>', '[UNK]', '[CLS]', '[MASK]'],
  ...['<|startofpiece|>', '<|endofpiece|>', '[gMASK]', '[sMASK]'],
];
const ANY_SPECIAL_TOKEN = anyOf(SPECIAL_TOKENS);

const OPENING = 'Below are two responses for a given task. The task is defined by the Instruction';
const REQUEST = 'Evaluate the responses and generate a reference answer for the task.';

/**
 * Text that the judge continues with its verdict. `response1` stands in slot 1. Both are stripped;
 * instruction and input are not, as upstream.
 */
export function judgePrompt(
  instruction: Pick<Instruction, 'instruction' | 'input'>,
  response1: string,
  response2: string,
): string {
  return promptText(pandalmPrompt(instruction, [response1, response2]));
}

/** The same in parts. */
export function pandalmPrompt(
  { instruction, input }: Pick<Instruction, 'instruction' | 'input'>,
  [response1, response2]: readonly [string, string],
): PromptParts {
  const opening = input === '' ? OPENING : `${OPENING} with an Input that provides further context`;
  const inputPart = input === '' ? '' : `### Input:\n${input}\n\n`;
  return {
    fixed: [
      `${opening}. ${REQUEST}\n\n### Instruction:\n${instruction}\n\n${inputPart}### Response 1:\n`,
      '\n\n### Response 2:\n',
      '\n\n### Evaluation:\n',
    ],
    shortenable: [stripResponse(response1), stripResponse(response2)],
    removed: SPECIAL_TOKENS,
  };
}

/**
 * `text` without white space at its ends and without special tokens, in PandaLM's order: strip, take out the
 * tokens in one pass (what their removal joins is kept), strip again.
 */
export function stripResponse(text: string): string {
  return strip(strip(text).replace(ANY_SPECIAL_TOKEN, ''));
}
