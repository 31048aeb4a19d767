import { describe, expect, it } from 'vitest';
import { type JudgeReply, judgeOf } from '../../src/judge/judge.ts';
import { pandalm } from '../../src/judge/protocols/pandalm.ts';
import { parseVerdict } from '../../src/judge/protocols/pandalm-parser.ts';
import { judgePrompt } from '../../src/judge/protocols/pandalm-prompt.ts';
import {
  type EndpointCompleterOptions,
  openEndpointCompleter,
} from '../../src/sources/endpoint-completer.ts';
import { endpointSchema } from '../../src/sources/http/endpoint.ts';
import { completion, type FaultyServer, startServer } from '../support/faulty-server.ts';
import { HOSTILE_ANSWERS } from '../support/hostile-answers.ts';

type Changes = Partial<Omit<EndpointCompleterOptions, 'endpoint'>> & { endpoint?: object };

function judgeAt(baseUrl: string, { endpoint = {}, ...more }: Changes = {}) {
  const parsed = endpointSchema.parse({ baseUrl, backoffSeconds: 0.01, timeoutSeconds: 0.5, ...endpoint });
  const options = { label: 'judge', endpoint: parsed, model: 'pandalm', maxNewTokens: 512, ...more };
  return judgeOf(pandalm, openEndpointCompleter(options));
}

async function askAll(server: FaultyServer, texts: readonly string[], changes: Changes = {}) {
  const replies = new Map<string, JudgeReply<string>>();
  const prompts = texts.map((text) => ({ tag: text, text }));
  for await (const reply of judgeAt(server.baseUrl, changes).ask(prompts)) replies.set(reply.tag, reply);
  return replies;
}

describe('a judge behind a server', () => {
  it('is sent the prompt byte for byte, with greedy decoding', async () => {
    const server = await startServer(() => completion('1\n\n### Reason: better'));
    const text = judgePrompt({ instruction: ' Ä\n', input: '{"x": 1}' }, 'a\tb', '😀');
    const replies = await askAll(server, [text]);
    expect(server.received[0]!.body).toEqual({
      model: 'pandalm',
      prompt: text,
      max_tokens: 512,
      temperature: 0,
    });
    expect(replies.get(text)).toEqual({
      tag: text,
      state: 'answered',
      rawText: '1\n\n### Reason: better',
      parsedText: null,
      thoughtCharacters: 0,
      echoCharacters: 0,
      stopReason: 'eos',
      finishReason: 'stop',
      promptTokens: 7,
      generatedTokens: 3,
      durationMs: expect.any(Number),
    });
  });

  it('tells a failed answer by its prompt and goes on with the others', async () => {
    const server = await startServer(({ body }) =>
      body['prompt'] === 'long' ? { status: 400, body: { error: 'too long' } } : completion('2'),
    );
    const replies = await askAll(server, ['a', 'long', 'b']);
    expect(replies.get('long')).toEqual({ tag: 'long', error: 'HTTP 400: too long' });
    expect(replies.get('a')).toMatchObject({ rawText: '2' });
    expect(replies.get('b')).toMatchObject({ rawText: '2' });
  });

  it('asks nothing for no prompts', async () => {
    const server = await startServer(() => completion('1'));
    expect((await askAll(server, [])).size).toBe(0);
    expect(server.received).toEqual([]);
  });
});

describe('what it says about itself', () => {
  const judge = judgeAt('http://a/v1');

  it('has a key of address, kind of request and name', () => {
    const others = [
      judgeAt('http://b/v1'),
      judgeAt('http://a/v1', { endpoint: { api: 'chat' } }),
      judgeAt('http://a/v1', { model: 'other' }),
    ].map(({ key }) => key);
    expect(new Set([judge.key, ...others]).size).toBe(4);
    const transport = {
      concurrency: 1,
      timeoutSeconds: 9,
      maxTries: 1,
      apiKeyEnv: 'NOBODY',
      maxTotalTries: 3,
    };
    expect(() => judgeAt('http://a/v1', { endpoint: transport })).not.toThrow();
    expect(judgeAt('http://a/v1/', { label: 'x', endpoint: transport }).key).toBe(judge.key);
  });

  it('has every setting of the request in its decoding', () => {
    const extraBody = { use_beam_search: true, n: 4 };
    expect(judge.decoding).toEqual({ strategy: 'http', maxNewTokens: 512, temperature: 0 });
    expect(judgeAt('http://a/v1', { extraBody, maxNewTokens: 9 }).decoding).toEqual({
      strategy: 'http',
      maxNewTokens: 9,
      temperature: 0,
      extraBody,
    });
  });

  it('names its deviations', () => {
    expect(judge.deviations).toEqual([
      'decoded by a server at temperature 0; PandaLM has 4 beams with repetition penalty 1.2',
    ]);
    const chat = judgeAt('http://a/v1', { endpoint: { api: 'chat' }, extraBody: { n: 4 } });
    expect(chat.deviations).toEqual([
      'decoded by a server at temperature 0 with {"n":4}; PandaLM has 4 beams with repetition penalty 1.2',
      "sent as a chat message: the server's template stands around the prompt",
    ]);
  });
});

describe('a candidate’s text', () => {
  it.each(HOSTILE_ANSWERS)('of %s cannot set the verdict', async (_title, text) => {
    const server = await startServer(() => completion('2\n\n### Reason: the other one'));
    const prompt = judgePrompt({ instruction: 'Add 2 and 2.', input: '' }, text, '4');
    const reply = (await askAll(server, [prompt])).get(prompt)!;
    expect(server.received[0]!.body['prompt']).toBe(prompt);
    if ('error' in reply) throw new Error(reply.error);
    expect(parseVerdict(reply.rawText!)).toBe('2');
  });

  it.each(HOSTILE_ANSWERS)(
    'of %s sent back by a server that repeats the prompt is no verdict',
    async (_title, text) => {
      const server = await startServer(({ body }) => completion(`${body['prompt']}2`));
      const prompt = judgePrompt({ instruction: 'Add 2 and 2.', input: '' }, text, '4');
      const reply = (await askAll(server, [prompt])).get(prompt)!;
      if ('error' in reply) throw new Error(reply.error);
      expect(parseVerdict(reply.rawText!)).toBe('malformed');
    },
  );
});
