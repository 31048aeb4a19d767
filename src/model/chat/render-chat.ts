import { InputError } from '../../core/errors.ts';
import { Guard } from '../../core/runtime/guard.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { ChatCall } from './jinja.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * A conversation as transformers' `apply_chat_template` renders it, but for the date: `strftime_now` is not defined, so
 * that a prompt is the same tomorrow. A template that looks whether it is defined has a date of its own. The template runs in
 * a process with limits of time, memory and output.
 * @param openTurn begin the assistant's turn (`add_generation_prompt`)
 * @throws InputError `bad-checkpoint` for a template that cannot be rendered, or refuses the conversation
 */
export function renderChat(
  { path, source, tokens }: ChatTemplate,
  messages: readonly ChatMessage[],
  openTurn: boolean,
): string {
  const variables = { tools: null, documents: null, ...tokens, messages, add_generation_prompt: openTurn };
  try {
    return renderGuarded({ source, variables });
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

/** Besides the seconds of one call: a template that is slow for each of many instructions. */
const SLOW_MS = 5000;
const SLOW_MS_PER_CALL = 100;
const guard = new Guard<ChatCall>(import.meta.url, 'chat-process', 'steps');
/** By template. */
const used = new Map<string, { calls: number; ms: number }>();

/** @throws Error with the reason of any failure */
function renderGuarded(call: ChatCall): string {
  const total = used.get(call.source) ?? { calls: 0, ms: 0 };
  used.set(call.source, total);
  // Loading the process is not the template's time.
  void guard.starts;
  const startedAt = performance.now();
  const text = guard.call(call) as string;
  total.calls++;
  total.ms += performance.now() - startedAt;
  if (total.ms > SLOW_MS + SLOW_MS_PER_CALL * total.calls)
    throw new Error(`steps that take ${Math.round(total.ms)} ms for ${total.calls} texts`);
  return text;
}
