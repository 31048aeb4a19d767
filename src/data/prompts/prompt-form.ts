/** Forms of prompts: what stands around an instruction. Plain data, stored with every response that was asked for in it. */

import type { Instruction } from '../../core/domain.ts';
import { type StripSide, strip } from '../../core/text/strip.ts';
import { alpacaPrompt } from '../alpaca-prompt.ts';

export const PROMPT_FORMS = ['alpaca', 'vicuna', 'chat'] as const;

/**
 * Where an instruction's text goes. `question` is the instruction and, after an empty line, its input. `strip`: white
 * space that the form takes away, as Python's `str.strip` counts it.
 */
interface Slot {
  readonly slot: 'instruction' | 'input' | 'question';
  readonly strip?: StripSide;
}

export type FormPart = string | Slot;

/** A form other than Alpaca's, which is `undefined` wherever a form may be missing. */
export interface PromptForm {
  readonly name: 'vicuna' | 'chat' | 'file' | 'bare';
  readonly parts: readonly FormPart[];
  /** Of an instruction without an input, where these are others. */
  readonly withoutInput?: readonly FormPart[];
  /** The form with the system text of an instruction's own, by that text. */
  readonly bySystem?: ReadonlyMap<string, PromptForm>;
}

/** A part of a prompt: of the form, where special tokens are tokens, or typed in an instruction, where all is text. */
export interface PromptPiece {
  readonly text: string;
  readonly isTyped: boolean;
}

/** What a model reads. */
export interface FormedPrompt {
  /** All of it, with special tokens as they are written. */
  readonly text: string;
  /** Missing where the whole prompt is text. */
  readonly pieces?: readonly PromptPiece[];
  /** The tokenizer adds its own first token where the pieces do not begin with it. A chat template writes all tokens. */
  readonly isFramed?: boolean;
}

type Asked = Pick<Instruction, 'instruction' | 'input' | 'system'>;

/** A prompt in Alpaca's form, or in another. */
export function formedPrompt(modelForm: PromptForm | undefined, asked: Asked): FormedPrompt {
  const form = formFor(modelForm, asked);
  if (form === undefined) return { text: withoutForm(asked) };
  const parts = (asked.input === '' ? form.withoutInput : undefined) ?? form.parts;
  const pieces = parts.map((part) =>
    typeof part === 'string'
      ? { text: part, isTyped: false }
      : { text: typedText(part, asked), isTyped: true },
  );
  const text = pieces.map((piece) => piece.text).join('');
  if (form.name === 'vicuna' || form.name === 'bare') return { text };
  return { text, pieces, isFramed: form.name === 'file' };
}

/** The form in which a model is asked this. @throws Error for a system text that the form was not made with */
export function formFor(
  form: PromptForm | undefined,
  { system }: Pick<Asked, 'system'>,
): PromptForm | undefined {
  if (form === undefined || system === undefined) return form;
  const own = form.bySystem?.get(system);
  if (own === undefined) throw new Error('a form was made without the system text of an instruction');
  return own;
}

/** A system text comes here with recorded responses alone, which nobody asks for again: it tells two instructions apart. */
function withoutForm(asked: Asked): string {
  return asked.system === undefined ? alpacaPrompt(asked) : `${asked.system}\n\n${alpacaPrompt(asked)}`;
}

/** Instruction and input as one text of a user. */
export function questionText({ instruction, input }: Pick<Asked, 'instruction' | 'input'>): string {
  return input === '' ? instruction : `${instruction}\n\n${input}`;
}

function typedText({ slot, strip: side }: Slot, asked: Asked): string {
  const text = slot === 'question' ? questionText(asked) : asked[slot];
  return side === undefined ? text : strip(text, side);
}
