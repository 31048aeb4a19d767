// OpenAI's package of npm: models, completions, chat, both streamed, log-probabilities, and an error. See run-client.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const client = new (await import('openai')).default({ baseURL: process.env.BASE_URL });
const { version } = JSON.parse(
  readFileSync(new URL('node_modules/openai/package.json', import.meta.url), 'utf8'),
);

const models = await client.models.list();
assert(models.data.some(({ id }) => id === 'soft@5'));
assert.equal((await client.models.retrieve('soft@5')).exit, 5);

const prompt =
  'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nWrite "jupsid" in capital letters.\n\n### Response:\n';
const asked = { model: 'soft@8', prompt, max_tokens: 32, temperature: 0 };
const whole = await client.completions.create({ ...asked, logprobs: 2 });
let text = '';
let usage;
for await (const chunk of await client.completions.create({
  ...asked,
  stream: true,
  stream_options: { include_usage: true },
})) {
  text += chunk.choices[0]?.text ?? '';
  usage = chunk.usage ?? usage;
}
assert.equal(text, whole.choices[0].text);
assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
assert.equal(whole.choices[0].logprobs.tokens.length, whole.usage.completion_tokens);

const messages = [{ role: 'user', content: 'Write the plural of "man".' }];
const chat = await client.chat.completions.create({
  model: 'soft',
  messages,
  logprobs: true,
  top_logprobs: 1,
});
const stream = await client.chat.completions.create({ model: 'soft', messages, stream: true });
let streamed = '';
for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? '';
assert.equal(streamed, chat.choices[0].message.content);
const drawn = { model: 'soft@3', messages, temperature: 1, seed: 4, max_completion_tokens: 16 };
const draws = [await client.chat.completions.create(drawn), await client.chat.completions.create(drawn)];
assert.equal(draws[0].choices[0].message.content, draws[1].choices[0].message.content);

await assert.rejects(client.completions.create({ ...asked, model: 'soft@1' }), {
  status: 404,
  code: 'model_not_found',
});
await assert.rejects(client.completions.create({ ...asked, n: 2 }), { status: 400, param: 'n' });
console.log(`openai ${version} (npm): completions and chat, whole and streamed, ${JSON.stringify(text)}`);
