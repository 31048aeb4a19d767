// Vercel's AI SDK over its package for OpenAI-compatible servers: texts, whole and streamed. See run-client.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
const { generateText, streamText } = await import('ai');
const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

const provider = createOpenAICompatible({
  name: 'sorted',
  baseURL: process.env.BASE_URL,
  includeUsage: true,
});
const prompt = 'Name the next month of the year.\n\nOctober';
const model = provider.chatModel('soft@8');
const whole = await generateText({ model, prompt, temperature: 0, maxOutputTokens: 24 });
const stream = streamText({ model, prompt, temperature: 0, maxOutputTokens: 24 });
let text = '';
for await (const part of stream.textStream) text += part;
assert.equal(text, whole.text);
assert.equal(whole.finishReason, 'stop');
assert.equal((await stream.usage).outputTokens, whole.usage.outputTokens);
console.log(
  `ai ${versionOf('ai')}, @ai-sdk/openai-compatible ${versionOf('@ai-sdk/openai-compatible')}: ${JSON.stringify(text)}`,
);
