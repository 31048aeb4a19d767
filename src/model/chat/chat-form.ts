import type { Instruction } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { type StripSide, strip } from '../../core/text/strip.ts';
import { formedPrompt, type PromptForm, questionText } from '../../data/prompts/prompt-form.ts';
import type { ChatTemplate } from './chat-template.ts';
import { type ChatMessage, renderChat } from './render-chat.ts';

/** Stand for the texts of a user and of an assistant: no template has them, and no filter changes them. */
const QUESTION = 'QVESTIOSORTEDEVALQVESTIO';
const ANSWER = 'RESPONSVMSORTEDEVALRESPONSVM';

/**
 * What a chat template writes around an instruction. The template is rendered around a word that stands for the
 * instruction, so that its special tokens are known apart from those that an instruction may spell.
 * @param system missing: the template's own, if it has one
 * @throws InputError `bad-checkpoint` for a template that has no such form
 */
export function chatForm(template: ChatTemplate, system: string | undefined): PromptForm {
  const around = (content: string) =>
    partsAround(renderChat(template, turns(content, system), true), template);
  const [before, after] = around(QUESTION);
  const [spacedBefore, spacedAfter] = around(`\n ${QUESTION} \n`);
  const side = strippedSide(spacedBefore === before, spacedAfter === after);
  if (system !== undefined && !`${before}${after}`.includes(strip(system))) throw withoutSystem(template);
  const slot = { slot: 'question', ...(side && { strip: side }) } as const;
  return { name: 'chat', parts: [before, slot, after].filter((part) => part !== '') };
}

/**
 * Checks that the template writes an instruction into its form and does nothing else with it.
 * @throws InputError `bad-checkpoint`
 */
export function requireSameText(
  template: ChatTemplate,
  form: PromptForm,
  { instruction, system }: { readonly instruction: Instruction; readonly system: string | undefined },
): void {
  const content = questionText(instruction);
  // Jinja in JavaScript strips by another list of white space than Python does.
  if (content.trim() !== strip(content)) return;
  const rendered = renderChat(template, turns(content, system), true);
  if (rendered === formedPrompt(form, instruction).text) return;
  throw changedText(template, `another text than that of instruction ${instruction.id}`);
}

/** What the template writes after an assistant's text: there a turn ends. Undefined where it cannot be seen. */
export function endOfTurn(template: ChatTemplate): string | undefined {
  const messages: ChatMessage[] = [...turns(QUESTION, undefined), { role: 'assistant', content: ANSWER }];
  try {
    return renderChat(template, messages, false).split(ANSWER)[1];
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function turns(content: string, system: string | undefined): ChatMessage[] {
  const user = { role: 'user', content } as const;
  return system === undefined ? [user] : [{ role: 'system', content: system }, user];
}

function partsAround(rendered: string, template: ChatTemplate): [before: string, after: string] {
  const [before, after, ...others] = rendered.split(QUESTION);
  if (after !== undefined && others.length === 0) return [before!, after];
  throw changedText(template, after === undefined ? 'no instruction' : 'it more than once');
}

function strippedSide(start: boolean, end: boolean): StripSide | undefined {
  if (start && end) return 'both';
  return start ? 'start' : end ? 'end' : undefined;
}

function changedText({ path }: ChatTemplate, found: string): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where: `${path}: chat template`,
    expected: 'a template that writes the text of an instruction as it is',
    found,
    fix: 'Write a template file.',
  });
}

function withoutSystem({ path }: ChatTemplate): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${path}: chat template`,
    expected: 'a template that writes the `system` text',
    found: 'one that leaves it out',
    fix: 'Leave `system` out, or write a template file.',
  });
}
