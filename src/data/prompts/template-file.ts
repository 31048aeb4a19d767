/** A form of prompts from a file of one's own: text with the placeholders `{instruction}`, `{input}` and `{system}`. */

import { InputError } from '../../core/errors.ts';
import { readText } from '../json-file.ts';
import type { FormPart } from './prompt-form.ts';

const PLACEHOLDER = /(\{instruction\}|\{input\}|\{system\})/;

/** A template, its text between placeholders byte for byte. */
export interface TemplateFile {
  readonly path: string;
  readonly parts: readonly FormPart[];
  readonly hasInput: boolean;
}

/**
 * @param system in the place of `{system}`; a template that has none takes none
 * @throws InputError `not-found`, or `bad-config` for a placeholder that is missing
 */
export function readTemplateFile(path: string, system: string | undefined): TemplateFile {
  const text = readText(path, 'Name one of the forms alpaca, vicuna, chat, or a template file.');
  const words = text.split(PLACEHOLDER).filter((word) => word !== '');
  requirePlaceholder(words, '{instruction}', path);
  if (system !== undefined) requirePlaceholder(words, '{system}', path);
  else if (words.includes('{system}')) throw withoutSystem(path);
  return {
    path,
    parts: joined(words.map((word) => partOf(word, system))),
    hasInput: words.includes('{input}'),
  };
}

function partOf(word: string, system: string | undefined): FormPart {
  if (word === '{instruction}') return { slot: 'instruction' };
  if (word === '{input}') return { slot: 'input' };
  return word === '{system}' ? system! : word;
}

/** Neighbouring texts as one: a special token may stand across a placeholder of the system text. */
function joined(parts: readonly FormPart[]): FormPart[] {
  const result: FormPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

function requirePlaceholder(words: readonly string[], placeholder: string, path: string): void {
  if (!words.includes(placeholder)) throw missingPlaceholder(path, placeholder, 'none');
}

/** @param found what is there instead, or what needs it */
export function missingPlaceholder(where: string, placeholder: string, found: string): InputError {
  const expected = `a template with the placeholder ${placeholder}`;
  return new InputError({
    code: 'bad-config',
    where,
    expected,
    found,
    fix: `Write ${placeholder} where its text goes.`,
  });
}

function withoutSystem(where: string): InputError {
  return new InputError({
    code: 'bad-config',
    where,
    expected: 'a `system` text for the placeholder {system}',
    found: 'none',
    fix: 'Add `system` beside `prompt`, or remove the placeholder.',
  });
}
