/** The only file that touches Jinja. */

import { Environment, Interpreter, Template } from '@huggingface/jinja';
import { InputError } from '../../core/errors.ts';
import type { ChatTemplate } from './chat-template.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * A conversation as transformers' `apply_chat_template` renders it, but for the date: `strftime_now` is not defined, so
 * that a prompt is the same tomorrow. A template that looks whether it is defined has a date of its own.
 * @param openTurn begin the assistant's turn (`add_generation_prompt`)
 * @throws InputError `bad-checkpoint` for a template that cannot be rendered, or refuses the conversation
 */
export function renderChat(
  { path, source, tokens }: ChatTemplate,
  messages: readonly ChatMessage[],
  openTurn: boolean,
): string {
  const given = { tools: null, documents: null, ...tokens, messages, add_generation_prompt: openTurn };
  try {
    return render(new Template(source), { ...GLOBALS, ...given });
  } catch (cause) {
    throw new InputError({
      code: 'bad-checkpoint',
      where: `${path}: chat template`,
      expected: `a template for ${messages.map(({ role }) => role).join(', ')}`,
      found: (cause as Error).message.split('\n', 1)[0]!.slice(0, 160),
      fix:
        messages[0]?.role === 'system'
          ? 'Leave `system` out, or write a template file.'
          : 'Write a template file.',
      cause,
    });
  }
}

/** `Template.render` itself would define `strftime_now`. */
function render({ parsed }: Template, variables: object): string {
  const environment = new Environment();
  for (const [name, value] of Object.entries(variables)) environment.set(name, value);
  return String(new Interpreter(environment).run(parsed).value);
}

const GLOBALS = {
  ...{ true: true, false: false, none: null, True: true, False: false, None: null },
  range: numbersUpTo,
  raise_exception: (message: unknown) => {
    throw new Error(String(message));
  },
};

/** Conversations have few turns; a template must not count for hours. */
const MAX_RANGE = 10_000;

function numbersUpTo(first: number, end?: number, step = 1): number[] {
  const [from, to] = end === undefined ? [0, first] : [first, end];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (length > MAX_RANGE) throw new Error(`range() of more than ${MAX_RANGE} numbers`);
  return Array.from({ length }, (_, index) => from + index * step);
}
