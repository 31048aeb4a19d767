/** Answers of servers as people met them (dstack, SGLang, vLLM, autogen, Azure, llama.cpp and others), by name. */
import type { Answer } from './open-server.ts';

const usage = { prompt_tokens: 5, completion_tokens: 3 };

/** Of `/completions`. */
function text(value: unknown, finish_reason: unknown = 'stop'): Answer {
  return { body: { choices: [{ index: 0, text: value, finish_reason }], usage } };
}

/** Of `/chat/completions`. */
function chat(content: unknown, finish_reason: unknown = 'stop', more: object = {}): Answer {
  return { body: { choices: [{ message: { role: 'assistant', content, ...more }, finish_reason }], usage } };
}

const withoutUsage = { choices: [{ index: 0, text: 'Blue.', finish_reason: 'stop' }] };

/** What becomes of each, for the prompt that was sent. `api`: which of the two it is. */
export interface OddAnswer {
  readonly name: string;
  readonly api: 'completions' | 'chat';
  readonly answer: (prompt: string) => Answer;
  /** Fields of the response as it is stored; a string: the words with which it is missing. */
  readonly becomes: Readonly<Record<string, unknown>> | string;
}

const answered = (more: object = {}) => ({ state: 'answered', text: 'Blue.', raw_text: null, ...more });
const unanswered = (state: string, raw_text: string | null, more: object = {}) => ({
  ...{ state, text: null, raw_text },
  ...more,
});

const THOUGHT = '<think>\nA color. Blue is one.\n</think>';

export const ODD_ANSWERS: readonly OddAnswer[] = [
  odd('plain', text(' Blue.'), answered({ text: ' Blue.', stop_reason: 'eos', generated_tokens: 3 })),
  odd('finish-empty', text('Blue.', ''), answered({ stop_reason: null, finish_reason: '' })),
  odd(
    'finish-dict',
    text('Blue.', { type: 'stop', matched: 2 }),
    answered({ stop_reason: 'eos', finish_reason: '{"type":"stop","matched":2}' }),
  ),
  odd('finish-end-turn', text('Blue.', 'end_turn'), answered({ stop_reason: 'eos' })),
  odd('finish-STOP', text('Blue.', 'STOP'), answered({ stop_reason: 'eos', finish_reason: 'STOP' })),
  odd('finish-eos', text('Blue.', 'eos'), answered({ stop_reason: 'eos' })),
  odd('finish-max-tokens', text('Blue.', 'max_tokens'), answered({ stop_reason: 'token-limit' })),
  odd('finish-unheard-of', text('Blue.', 'done!'), answered({ stop_reason: null, finish_reason: 'done!' })),
  odd(
    'finish-abort',
    text('', 'abort'),
    'expected an answer that the server did not break off, found "abort"',
  ),
  odd(
    'null-content-reasoning',
    chat(null, 'length', { reasoning_content: 'Let me think …' }),
    unanswered('cut_in_reasoning', 'Let me think …', { stop_reason: 'token-limit', thought_characters: 14 }),
  ),
  odd(
    'null-content-stop',
    chat(null, 'stop', { reasoning: 'A color, so Blue.' }),
    unanswered('no_content', 'A color, so Blue.', { thought_characters: 17 }),
  ),
  odd('null-content', chat(null), unanswered('no_content', null, { thought_characters: 0 })),
  odd('no-content', chat(undefined, 'tool_calls'), unanswered('no_content', null, { stop_reason: null })),
  odd(
    'hidden-reasoning',
    {
      body: {
        choices: [{ message: { content: '' }, finish_reason: 'length' }],
        usage: { ...usage, completion_tokens_details: { reasoning_tokens: 3 } },
      },
    },
    unanswered('cut_in_reasoning', null),
    'chat',
  ),
  odd('refusal', chat(null, 'stop', { refusal: 'I cannot.' }), unanswered('refused', 'I cannot.')),
  odd('refusal-part', chat([{ type: 'refusal', refusal: 'No.' }]), unanswered('refused', 'No.')),
  odd('filtered', chat('Bl', 'content_filter'), unanswered('refused', 'Bl', { stop_reason: null })),
  odd('safety', text('', 'SAFETY'), unanswered('refused', null, { finish_reason: 'SAFETY' })),
  odd('content-parts', chat([{ type: 'text', text: 'Blue.' }]), answered()),
  odd(
    'think',
    chat(`${THOUGHT}\n\nBlue.`),
    answered({ text: `${THOUGHT}\n\nBlue.`, thought_characters: THOUGHT.length }),
  ),
  odd('think-cut', text('<think>\nA color', 'length'), unanswered('cut_in_reasoning', '<think>\nA color')),
  odd('think-only', text(THOUGHT), unanswered('no_content', THOUGHT)),
  odd('no-usage', { body: withoutUsage }, answered({ prompt_tokens: null, generated_tokens: null })),
  odd(
    'usage-null',
    { body: { ...withoutUsage, usage: null } },
    answered({ prompt_tokens: null, generated_tokens: null }),
  ),
  odd(
    'usage-strings',
    { body: { ...withoutUsage, usage: { prompt_tokens: '5', completion_tokens: 'x' } } },
    answered({ prompt_tokens: null, generated_tokens: null }),
  ),
  odd('choices-empty', { body: { choices: [], usage } }, 'an answer of another form: choices'),
  odd(
    'error-200',
    { body: { error: { message: 'Model "blue" is not loaded.', type: 'invalid_request_error' } } },
    'an error in an answer of status 200: Model "blue" is not loaded',
  ),
  odd(
    'error-200-later',
    { body: { error: 'CUDA out of memory' } },
    'an error in an answer of status 200: CUDA out of memory',
  ),
  odd(
    'error-beside-a-text',
    { body: { choices: [{ text: 'Bl', finish_reason: 'stop' }], error: { message: 'Out of memory.' } } },
    'an error in an answer of status 200: Out of memory',
  ),
  odd(
    'error-in-a-choice',
    { body: { choices: [{ text: '', finish_reason: null, error: { message: 'Upstream died.' } }] } },
    'an error in an answer of status 200: Upstream died',
  ),
  odd(
    'error-of-nothing',
    { body: { choices: [{ text: 'Blue.', finish_reason: 'stop' }], error: {} } },
    answered(),
  ),
  odd(
    'thinking-part',
    chat([
      { type: 'thinking', thinking: [{ type: 'text', text: 'A color.' }] },
      { type: 'text', text: 'Blue.' },
    ]),
    answered({ thought_characters: 8 }),
  ),
  odd(
    'reasoning-part',
    chat([
      { type: 'reasoning', text: 'A color.' },
      { type: 'text', text: 'Blue.' },
    ]),
    answered({ thought_characters: 8 }),
  ),
  odd(
    'thinking-part-alone',
    chat([{ type: 'thinking', thinking: 'A color' }], 'length'),
    unanswered('cut_in_reasoning', 'A color'),
  ),
  odd(
    'tool-call-beside-no-text',
    chat('', 'tool_calls', { tool_calls: [{ function: { name: 'color' } }] }),
    unanswered('no_content', null),
  ),
  odd('nothing-at-the-limit', text('', 'length'), unanswered('no_content', null, { generated_tokens: 3 })),
  odd('text-null', text(null), unanswered('no_content', null)),
  odd('list-of-one', { body: [{ generated_text: 'Blue.' }] }, 'an answer of another form'),
  odd('empty', text(''), answered({ text: '', stop_reason: 'eos' })),
  odd(
    'context-vllm',
    {
      status: 400,
      body: {
        object: 'error',
        message: "This model's maximum context length is 64 tokens. However, you requested 120 tokens.",
        code: 400,
      },
    },
    unanswered(
      'prompt_too_long',
      "HTTP 400: This model's maximum context length is 64 tokens. However, you requested 120 tokens",
      { stop_reason: null, prompt_tokens: null, duration_ms: null },
    ),
  ),
  odd(
    'context-llama-cpp',
    {
      status: 400,
      body: {
        error: {
          message: 'the request exceeds the available context size',
          type: 'exceed_context_size_error',
        },
      },
    },
    unanswered('prompt_too_long', 'HTTP 400: the request exceeds the available context size'),
  ),
  odd(
    'filtered-prompt',
    { status: 400, body: { error: { code: 'content_filter', message: 'The prompt was filtered.' } } },
    unanswered('refused', 'HTTP 400: The prompt was filtered'),
  ),
  odd(
    'other-422',
    { status: 422, body: { detail: [{ type: 'missing', msg: 'Field required' }] } },
    'HTTP 422: Field required',
  ),
  {
    name: 'echo',
    api: 'completions',
    answer: (prompt) => text(`${prompt} Blue.`),
    becomes: { state: 'answered', raw_text: null },
  },
];

function odd(
  name: string,
  answer: Answer,
  becomes: OddAnswer['becomes'],
  api: OddAnswer['api'] = JSON.stringify(answer.body).includes('"message":{') ? 'chat' : 'completions',
): OddAnswer {
  return { name, api, answer: () => answer, becomes };
}
