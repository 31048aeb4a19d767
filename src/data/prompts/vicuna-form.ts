/** FastChat's conversation template `vicuna_v1.1`, one turn. */

import type { PromptForm } from './prompt-form.ts';

const SYSTEM =
  "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.";

/** Ends a turn of the assistant. */
export const VICUNA_END = '</s>';

/** @param system in the place of the template's own */
export function vicunaForm(system = SYSTEM): PromptForm {
  return { name: 'vicuna', parts: [`${system} USER: `, { slot: 'question' }, ' ASSISTANT:'] };
}
