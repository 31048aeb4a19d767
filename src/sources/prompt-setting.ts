/** How a model is asked: the keys `prompt` and `system` of the sweep file, and the form that they make. */

import { resolve } from 'node:path';
import { z } from 'zod';
import { orderedKey } from '../core/content-key.ts';
import type { Instruction } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { PROMPT_FORMS, type PromptForm } from '../data/prompts/prompt-form.ts';
import { missingPlaceholder, readTemplateFile } from '../data/prompts/template-file.ts';
import { VICUNA_END, vicunaForm } from '../data/prompts/vicuna-form.ts';
import { chatForm, endOfTurn, requireSameText } from '../model/chat/chat-form.ts';
import { readChatTemplate } from '../model/chat/chat-template.ts';
import type { Tokenizer } from '../model/tokenizer/tokenizer.ts';
import type { Api } from './http/endpoint.ts';
import { name } from './schema-parts.ts';

const DEFAULT_FORM = 'alpaca';

export const promptKeys = {
  prompt: z
    .union([name, z.strictObject({ withInput: name, withoutInput: name })], {
      error: `${PROMPT_FORMS.join(', ')}, a template file, or {withInput, withoutInput} with two of them`,
    })
    .default(DEFAULT_FORM)
    .describe(
      'Form of the prompt: `alpaca`, `vicuna`, `chat` (the tokenizer’s own chat template), or a template file with `{instruction}` and `{input}`, relative to the sweep file; `{withInput, withoutInput}` names two. See your-models.md.',
    ),
  system: name
    .optional()
    .describe(
      'System text of `vicuna`, `chat` or a template file with `{system}`. Default: the form’s own, if it has one.',
    ),
};

export interface PromptConfig {
  readonly prompt: string | { readonly withInput: string; readonly withoutInput: string };
  readonly system?: string | undefined;
}

/** The form of a model's prompts, and what else ends its responses. */
export interface PromptSetting {
  /** Undefined: Alpaca's. */
  readonly form: PromptForm | undefined;
  /** Tokens with which the form ends a turn. */
  readonly endIds: readonly number[];
}

export interface PromptContext {
  /** `models.soft`, for errors. */
  readonly where: string;
  readonly instructions: readonly Instruction[];
  /** Of a server. With `chat` it writes its own template around a message. */
  readonly api?: Api;
  /** A model in this process. */
  readonly local?: { readonly folder: string; readonly tokenizer: Tokenizer };
}

/** The configuration with the paths of template files made absolute. */
export function promptInFolder<Config extends PromptConfig>(config: Config, folder: string): Config {
  const { prompt } = config;
  const absolute = (file: string) => (isForm(file) ? file : resolve(folder, file));
  if (typeof prompt === 'string') return { ...config, prompt: absolute(prompt) };
  const [withInput, withoutInput] = [prompt.withInput, prompt.withoutInput].map((file) =>
    resolve(folder, file),
  );
  return { ...config, prompt: { withInput, withoutInput } };
}

/**
 * The form of a model, and with each system text that an instruction has of its own.
 * @throws InputError for a form that does not fit the model, the instructions or a system text
 */
export function promptSetting(config: PromptConfig, context: PromptContext): PromptSetting {
  // In a form that has its text, an instruction is one without.
  const asking = (text: string | undefined) =>
    context.instructions.filter(({ system }) => system === text).map(({ system, ...asked }) => asked);
  const setting = settingFor(config, { ...context, instructions: asking(undefined) });
  const systems = new Set(context.instructions.flatMap(({ system }) => system ?? []));
  if (systems.size === 0) return setting;
  if (setting.form === undefined || setting.form.name === 'bare') throw noPlace(context, setting.form);
  const forms = [...systems].map((system) => {
    const own = settingFor({ ...config, system }, { ...context, instructions: asking(system) });
    return [system, own.form!] as const;
  });
  return { ...setting, form: { ...setting.form, bySystem: new Map(forms) } };
}

function settingFor(config: PromptConfig, context: PromptContext): PromptSetting {
  const { prompt, system } = config;
  if (prompt === 'chat') return chatSetting(config, context);
  if (prompt === 'vicuna') {
    const end = context.local?.tokenizer.specialAt(VICUNA_END);
    return { form: vicunaForm(system), endIds: end === undefined ? [] : [end] };
  }
  if (prompt !== DEFAULT_FORM) return { form: fileForm(config, context.instructions), endIds: [] };
  if (system !== undefined) throw withoutSystem(context.where);
  return { form: undefined, endIds: [] };
}

/** The key of a sub-model that is asked in a form; what it computes is another thing in every form. */
export function keyInForm(subModelKey: string, form: PromptForm | undefined): string {
  return form === undefined ? subModelKey : orderedKey({ subModelKey, prompt: formJson(form) });
}

/** What of a form is stored with the settings of every response. */
export function formSettings(form: PromptForm | undefined): { readonly prompt?: JsonValue } {
  return form === undefined ? {} : { prompt: formJson(form) };
}

/** The whole of a user's message; the server writes the rest. */
const BARE_FORM: PromptForm = { name: 'bare', parts: [{ slot: 'question' }] };

/** Other instructions' system texts are no part of it. */
const formJson = ({ bySystem, ...form }: PromptForm) => JSON.parse(JSON.stringify(form)) as JsonValue;

const isForm = (prompt: string) => (PROMPT_FORMS as readonly string[]).includes(prompt);

function chatSetting(
  { system }: PromptConfig,
  { where, instructions, local, api }: PromptContext,
): PromptSetting {
  if (api === 'chat' && system === undefined) return { form: BARE_FORM, endIds: [] };
  if (!local) throw withoutTemplate(where, system);
  const template = readChatTemplate(local.folder);
  const form = chatForm(template, system);
  for (const instruction of instructions) requireSameText(template, form, { instruction, system });
  const end = local.tokenizer.specialAt(endOfTurn(template) ?? '');
  return { form, endIds: end === undefined ? [] : [end] };
}

function fileForm({ prompt, system }: PromptConfig, instructions: readonly Instruction[]): PromptForm {
  if (typeof prompt === 'string') {
    const { path, parts, hasInput } = readTemplateFile(prompt, system);
    const first = instructions.find(({ input }) => input !== '');
    if (first && !hasInput)
      throw missingPlaceholder(path, '{input}', `none, and instruction ${first.id} has an input`);
    return { name: 'file', parts };
  }
  const withInput = readTemplateFile(prompt.withInput, system);
  if (!withInput.hasInput) throw missingPlaceholder(withInput.path, '{input}', 'none');
  const { parts: withoutInput } = readTemplateFile(prompt.withoutInput, system);
  return { name: 'file', parts: withInput.parts, withoutInput };
}

function noPlace({ where, instructions }: PromptContext, form: PromptForm | undefined): InputError {
  const { id } = instructions.find(({ system }) => system !== undefined)!;
  return new InputError({
    code: 'bad-config',
    where: `${where}.prompt`,
    expected: 'a form with a system text: vicuna, chat, or a template file with {system}',
    found: `${form ? 'a server’s own template' : 'the form alpaca, which has none'}; instruction ${id} has a system text`,
    fix: 'Name another `prompt`, or leave the texts out with `records: { ignoreKeys: [system] }`.',
  });
}

function withoutSystem(where: string): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${where}.system`,
    expected: 'a form with a system text: vicuna, chat, or a template file with {system}',
    found: 'the form alpaca, which has none',
    fix: 'Name another `prompt`, or leave `system` out.',
  });
}

function withoutTemplate(where: string, system: string | undefined): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${where}.prompt`,
    expected: 'alpaca, vicuna or a template file for a model behind a server; chat with `api: chat`',
    found: system === undefined ? 'chat with `api: completions`' : 'chat with a `system` text',
    fix: 'The chat template is the server’s own: use `api: chat` without `system`, or write a template file.',
  });
}
