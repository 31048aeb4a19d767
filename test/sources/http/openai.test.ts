import { describe, expect, it } from 'vitest';
import { type Api, type Endpoint, endpointSchema } from '../../../src/sources/http/endpoint.ts';
import {
  type Asked,
  completeAll,
  completionBody,
  decodingOf,
  extraBodySchema,
} from '../../../src/sources/http/openai.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { type Answer, completion, startServer } from '../../support/faulty-server.ts';

const PROMPT = ' \n### "Instruction":\r\n\tüñí 😀 \\n {x}\u0001\n\n### Response:\n';
const SETTINGS = { maxNewTokens: 16 };

async function collect<Tag>(replies: AsyncIterable<Asked<Tag>>): Promise<Asked<Tag>[]> {
  const all: Asked<Tag>[] = [];
  for await (const reply of replies) all.push(reply);
  return all;
}

function endpointOf(baseUrl: string, more: Partial<Endpoint> = {}): Endpoint {
  return { ...endpointSchema.parse({ baseUrl, backoffSeconds: 0.01 }), ...more };
}

async function askOne(answer: Answer, api: Api = 'completions') {
  const { baseUrl, received } = await startServer(() => answer);
  const endpoint = endpointOf(baseUrl, { api, maxTries: 2 });
  const [reply] = await collect(
    completeAll(endpoint, [{ tag: 1, model: 'm', text: PROMPT }], { ...SETTINGS, extraBody: { top_k: 1 } }),
  );
  return { reply: reply!, received };
}

const chatAnswer = (message: unknown, finish_reason: unknown = 'stop'): Answer => ({
  body: { choices: [{ message, finish_reason }] },
});

describe('a request', () => {
  it('asks for a repetition penalty where there is one, and further keys have the last word', () => {
    const body = (settings: object) => completionBody('completions', 'm', 'p', { ...SETTINGS, ...settings });
    expect(body({ repetitionPenalty: 1 })).not.toHaveProperty('repetition_penalty');
    expect(body({ repetitionPenalty: 1.2 })).toMatchObject({ repetition_penalty: 1.2 });
    const extraBody = { repetition_penalty: null };
    expect(body({ repetitionPenalty: 1.2, extraBody })).not.toHaveProperty('repetition_penalty');
    expect(decodingOf({ ...SETTINGS, repetitionPenalty: 1.2 })).toMatchObject({ repetition_penalty: 1.2 });
    expect(decodingOf({ ...SETTINGS, repetitionPenalty: 1 })).toEqual(decodingOf(SETTINGS));
  });

  it('for a completion has the prompt byte for byte', async () => {
    const { received } = await askOne(completion('yes'));
    expect(received[0]!.path).toBe('/v1/completions');
    expect(received[0]!.body).toEqual({
      model: 'm',
      prompt: PROMPT,
      max_tokens: 16,
      temperature: 0,
      top_k: 1,
    });
  });

  it('for a chat has it as the one message of a user', async () => {
    const { received } = await askOne(chatAnswer({ role: 'assistant', content: 'yes' }), 'chat');
    expect(received[0]!.path).toBe('/v1/chat/completions');
    expect(received[0]!.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: PROMPT }],
      max_tokens: 16,
      temperature: 0,
      top_k: 1,
    });
  });

  it('loses the keys that extra settings set to null', () => {
    const extraBody = { temperature: null, max_tokens: null, max_completion_tokens: 9 };
    expect(completionBody('completions', 'm', 'p', { ...SETTINGS, extraBody })).toEqual({
      model: 'm',
      prompt: 'p',
      max_completion_tokens: 9,
    });
  });

  it.each(['model', 'prompt', 'messages', 'stream', 'echo', 'suffix'])('cannot have another %s', (key) => {
    expect(extraBodySchema.safeParse({ [key]: true }).success).toBe(false);
    expect(extraBodySchema.safeParse({ use_beam_search: true, n: 4 }).success).toBe(true);
  });
});

describe('an answer', () => {
  it('is the text of the first choice with the server’s counts', async () => {
    const { reply } = await askOne(completion(' yes\n'));
    expect(reply).toMatchObject({
      tag: 1,
      text: ' yes\n',
      stopReason: 'eos',
      promptTokens: 7,
      generatedTokens: 3,
      durationMs: expect.any(Number),
    });
  });

  it.each([
    ['stop', 'eos'],
    ['STOP', 'eos'],
    ['eos', 'eos'],
    ['eos_token', 'eos'],
    ['end_turn', 'eos'],
    [{ type: 'stop', matched: 2 }, 'eos'],
    ['length', 'token-limit'],
    ['max_tokens', 'token-limit'],
    ['stop_sequence', 'stop-text'],
    ['', null],
    ['tool_calls', null],
    ['constructor', null],
    [7, null],
  ])('that ended by %j stopped by %j, and the word is kept', async (finish_reason, stopReason) => {
    const { reply } = await askOne(completion('x', { finish_reason }));
    const finishReason = typeof finish_reason === 'string' ? finish_reason : JSON.stringify(finish_reason);
    expect(reply).toMatchObject({ state: 'answered', text: 'x', stopReason, finishReason });
  });

  it.each([[null], [undefined]])('that ended by %j stopped by nobody knows what', async (finish_reason) => {
    const { reply } = await askOne(completion('x', { finish_reason }));
    expect(reply).toMatchObject({ state: 'answered', text: 'x', stopReason: null, finishReason: null });
  });

  it.each(['abort', 'error', 'cancelled'])(
    'that the server broke off (%s) is none',
    async (finish_reason) => {
      const { reply, received } = await askOne(completion('x', { finish_reason }));
      const words = `finish_reason: expected an answer that the server did not break off, found "${finish_reason}"`;
      expect(reply).toMatchObject({ error: expect.stringContaining(words) });
      expect(received).toHaveLength(2);
    },
  );

  it.each([
    [undefined, null, null],
    [null, null, null],
    [{}, null, null],
    [{ prompt_tokens: null, completion_tokens: 0 }, null, 0],
    [{ prompt_tokens: -1, completion_tokens: 'x' }, null, null],
    [{ prompt_tokens: '5', completion_tokens: 3 }, null, 3],
  ])('with usage %j has the counts %j and %j', async (usage, promptTokens, generatedTokens) => {
    const { reply } = await askOne({ body: { choices: [{ text: 'x', finish_reason: 'stop' }], usage } });
    expect(reply).toMatchObject({ text: 'x', promptTokens, generatedTokens });
  });

  it.each([[{}], [{ choices: [] }], [{ choices: [{}] }], [[]], ['text'], [null]])(
    'that is %j fails and is tried again',
    async (body) => {
      const { reply, received } = await askOne({ body });
      expect(reply).toMatchObject({ tag: 1, error: expect.stringMatching(/^an answer of another form: /) });
      expect(received).toHaveLength(2);
    },
  );
});

describe('a server of which 30 % of the requests fail in every way', () => {
  it('answers a few hundred prompts, none lost, none doubled', async () => {
    const server = await startServer(({ body }) => completion(`answer to ${body['prompt']}`), {
      faults: 0.3,
    });
    const endpoint = endpointOf(server.baseUrl, { concurrency: 24, timeoutSeconds: 0.3, maxTries: 12 });
    const prompts = Array.from({ length: 400 }, (_, tag) => ({ tag, model: 'm', text: `prompt ${tag}` }));
    const startedAt = performance.now();
    const replies = await collect(completeAll(endpoint, prompts, SETTINGS));
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(replies.map(({ tag }) => tag).sort((a, b) => a - b)).toEqual(prompts.map(({ tag }) => tag));
    for (const reply of replies) expect(reply).toMatchObject({ text: `answer to prompt ${reply.tag}` });
    const outcomes = server.received.map(({ outcome }) => outcome);
    expect(new Set(outcomes).size).toBe(13);
    // On a busy machine an answer can come too late, and is asked for again.
    expect(outcomes.filter((outcome) => outcome === 'answered').length).toBeGreaterThanOrEqual(400);
  });
});

describe('an end', () => {
  it('by refusal comes as one error, and nothing is asked after it', async () => {
    const { baseUrl, received } = await startServer(() => ({ status: 401, body: {} }));
    const prompts = Array.from({ length: 100 }, (_, tag) => ({ tag, model: 'm', text: 'p' }));
    const error = await inputErrorOf(() => collect(completeAll(endpointOf(baseUrl), prompts, SETTINGS)));
    expect(error.message).toContain('HTTP 401');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received.length).toBeLessThan(30);
  });

  it('by interruption stops what is under way', async () => {
    const { baseUrl, received } = await startServer(() => completion('x'), { faults: 1, seed: 3 });
    const interrupt = new AbortController();
    const prompts = Array.from({ length: 50 }, (_, tag) => ({ tag, model: 'm', text: 'p' }));
    const asking = collect(completeAll(endpointOf(baseUrl), prompts, SETTINGS, interrupt.signal));
    setTimeout(() => interrupt.abort(), 100);
    await expect(asking).rejects.toThrow('aborted');
    // What was on its way to the server when it was aborted may still arrive; after that nothing more may come.
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    await wait(100);
    const asked = received.length;
    await wait(200);
    expect(received.length).toBe(asked);
  });

  it('by the asker stops the rest too', async () => {
    const { baseUrl, received } = await startServer(() => completion('x'));
    const prompts = Array.from({ length: 500 }, (_, tag) => ({ tag, model: 'm', text: 'p' }));
    for await (const _ of completeAll(endpointOf(baseUrl, { concurrency: 2 }), prompts, SETTINGS)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received.length).toBeLessThan(20);
  });
});
