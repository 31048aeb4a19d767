import { afterEach, describe, expect, it } from 'vitest';
import { endpointSchema } from '../../../src/sources/http/endpoint.ts';
import { completeAll } from '../../../src/sources/http/openai.ts';
import { type Answer, startServer } from '../../support/faulty-server.ts';

const KEY = 'sk-sent-back-8c1f/77+a';
const base64 = Buffer.from(`Bearer ${KEY}`).toString('base64');
const escaped = Array.from(KEY, (character) => `\\u00${character.charCodeAt(0).toString(16)}`).join('');

afterEach(() => {
  delete process.env['KEY_SENT_BACK'];
});

/** What comes of one prompt at a server that answers so, as text. */
async function outcomeOf(answer: Answer): Promise<string> {
  process.env['KEY_SENT_BACK'] = KEY;
  const { baseUrl } = await startServer(() => answer);
  const endpoint = endpointSchema.parse({ baseUrl, apiKeyEnv: 'KEY_SENT_BACK', maxTries: 1 });
  const outcomes = [];
  const prompts = [{ tag: 1, model: 'm', text: 'Hello' }];
  try {
    for await (const outcome of completeAll(endpoint, prompts, { maxNewTokens: 4 })) outcomes.push(outcome);
  } catch (error) {
    outcomes.push((error as Error).message);
  }
  return JSON.stringify(outcomes);
}

const choice = (parts: object) => ({ body: { choices: [{ text: 'Hi', finish_reason: 'stop', ...parts }] } });

describe('a key that the server sends back', () => {
  it.each<[string, Answer]>([
    ['as an answer', choice({ text: `Your key is ${KEY}.` })],
    ['as an answer in base64', choice({ text: `Your header is ${base64}.` })],
    ['as the reason of the end', choice({ finish_reason: KEY })],
    ['in an error', { status: 500, body: { error: { message: `bad key ${KEY}` } } }],
    ['in an error, in base64', { status: 400, body: { error: `bad header ${base64}` } }],
    ['in an error, escaped twice', { status: 401, body: { error: `bad key ${escaped}` } }],
    ['in an error, in a URL', { status: 404, body: `no such page: /v1?key=${encodeURIComponent(KEY)}` }],
  ])('%s is not kept', async (_, answer) => {
    const outcome = await outcomeOf(answer);
    expect(outcome).toContain('[API key]');
    for (const form of [KEY, base64, escaped, encodeURIComponent(KEY), base64.slice(12, -4)]) {
      expect(outcome).not.toContain(form);
    }
  });
});
