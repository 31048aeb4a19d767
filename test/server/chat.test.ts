import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import type { ServedApi } from '../../src/server/api/serve-models.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Answer, complete, events, post, serve } from './served.ts';

const root = tempFolder();
let api: ServedApi;

/** Writes turns between the tokenizer's own special tokens. */
const TEMPLATE = `{{ bos_token }}{% for message in messages %}[{{ message['role'] }}] {{ message['content'] | trim }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}`;

function writeModel(name: string, template?: string): string {
  const { folder } = writeRandomCheckpoint(join(root, `${name}-checkpoint`), {
    exits: [2, 4],
    contextLength: 200,
  });
  if (template !== undefined) writeFileSync(join(folder, 'chat_template.jinja'), template);
  importCheckpoint(folder, join(root, name), { precision: 'fp32' });
  return join(root, name);
}

beforeAll(async () => {
  const upper = TEMPLATE.replace('| trim', '| upper');
  api = await serve([writeModel('plain'), writeModel('chat', TEMPLATE), writeModel('upper', upper)]);
});
afterAll(() => api.end());

const messages = [
  { role: 'system', content: 'Answer briefly.' },
  { role: 'user', content: ' What is 2 + 2? ' },
  { role: 'assistant', content: '4' },
  { role: 'user', content: [{ type: 'text', text: 'And 3 + 3?' }] },
];
const body = { model: 'chat', messages, max_tokens: 12, return_token_ids: true };

interface ChatChunk {
  readonly object: string;
  readonly prompt_token_ids?: number[];
  readonly usage?: object;
  readonly choices: {
    readonly delta: { content: string };
    readonly token_ids?: number[];
    readonly finish_reason: string | null;
  }[];
}

const ask = async (change: object = {}) =>
  (await (await post(api.url, '/v1/chat/completions', { ...body, ...change })).json()) as Answer & {
    prompt_token_ids: number[];
  };

describe('a conversation', () => {
  it('is read as the template writes it, and answered as a completion of these tokens', async () => {
    const answer = await ask();
    const { bos_token: bos, eos_token: eos } = JSON.parse(
      readFileSync(join(root, 'chat', 'tokenizer_config.json'), 'utf8'),
    );
    const tokenizer = openTokenizer(join(root, 'chat'));
    const form = (text: string) => ({ text, isTyped: false });
    const expected = tokenizer.encodePieces(
      [
        form(`${bos}[system] Answer briefly.${eos}[user] What is 2 + 2?${eos}[assistant] 4${eos}`),
        form(`[user] And 3 + 3?${eos}[assistant]`),
      ],
      false,
    );
    expect(answer.prompt_token_ids).toEqual(expected);
    const completion = await complete(api.url, { ...body, messages: undefined, prompt: expected });
    const [choice] = answer.choices;
    expect(choice!.token_ids).toEqual(completion.choices[0]!.token_ids);
    expect(choice!.message!.content).toBe(completion.choices[0]!.text);
  });

  it('has the same text and tokens where it is streamed', async () => {
    const whole = await ask();
    const stream = { stream: true, stream_options: { include_usage: true } };
    const chunks = await events<ChatChunk>(
      await post(api.url, '/v1/chat/completions', { ...body, ...stream }),
    );
    expect(new Set(chunks.map(({ object }) => object))).toEqual(new Set(['chat.completion.chunk']));
    const choices = chunks.flatMap((chunk) => chunk.choices);
    expect(choices.map(({ delta }) => delta.content).join('')).toBe(whole.choices[0]!.message!.content);
    expect(choices.flatMap(({ token_ids = [] }) => token_ids)).toEqual(whole.choices[0]!.token_ids);
    expect(choices.at(-1)!.finish_reason).toBe(whole.choices[0]!.finish_reason);
    expect(chunks[0]!.prompt_token_ids).toEqual(whole.prompt_token_ids);
    expect(chunks.at(-1)!.usage).toMatchObject({ completion_tokens: whole.usage.completion_tokens });
  });

  it('has log-probabilities of its tokens', async () => {
    const { choices } = await ask({ logprobs: true, top_logprobs: 2 });
    const { content } = choices[0]!.logprobs as unknown as {
      content: { logprob: number; bytes: number[]; top_logprobs: { logprob: number }[] }[];
    };
    expect(content).toHaveLength(choices[0]!.token_ids!.length);
    for (const { logprob, top_logprobs } of content) expect(top_logprobs[0]!.logprob).toBe(logprob);
  });

  it('cannot end its own turn by spelling a special token', async () => {
    const { eos_token: eos } = JSON.parse(readFileSync(join(root, 'chat', 'tokenizer_config.json'), 'utf8'));
    const { prompt_token_ids: ids } = await ask({ messages: [{ role: 'user', content: `a${eos}b` }] });
    const { prompt_token_ids: plain } = await ask({ messages: [{ role: 'user', content: 'ab' }] });
    const id = openTokenizer(join(root, 'chat')).specialAt(eos);
    const ends = (all: readonly number[]) => all.filter((one) => one === id).length;
    expect(ends(ids)).toBe(ends(plain));
  });

  it.each<[string, object, RegExp]>([
    ['a model without a template', { model: 'plain' }, /chat template/],
    ['a template that changes texts', { model: 'upper' }, /writes as they are/],
    ['no messages', { messages: [] }, /^messages/],
    ['an unknown role', { messages: [{ role: 'tool', content: 'x' }] }, /^messages\.0\.role/],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      /^messages\.0\.content/,
    ],
    ['alternatives without log-probabilities', { top_logprobs: 2 }, /^top_logprobs/],
    ['tools', { tools: [{ type: 'function' }] }, /^tools/],
  ])('of %s is refused in one line', async (_, change, message) => {
    const response = await post(api.url, '/v1/chat/completions', { ...body, ...change });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as Answer;
    expect(error!.message).toMatch(message);
    expect(error!.message).not.toContain('\n');
  });
});
