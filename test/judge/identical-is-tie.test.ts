import { expect, it } from 'vitest';
import { identicalIsTie } from '../../src/judge/identical-is-tie.ts';
import type { Judge, JudgePrompt, JudgeReply } from '../../src/judge/judge.ts';

const asked: string[] = [];
const judge: Judge = {
  label: 'j',
  key: 'k',
  decoding: { strategy: 'beams' },
  deviations: ['one'],
  async *ask<Tag>(prompts: Iterable<JudgePrompt<Tag>>): AsyncGenerator<JudgeReply<Tag>> {
    for (const { tag, text } of prompts) {
      asked.push(text);
      yield { tag, rawText: '1', stopReason: 'eos', promptTokens: 9, generatedTokens: 1, durationMs: 1 };
    }
  },
  close: async () => {},
};
const instruction = { id: 'i', instruction: 'Add.', input: '' };
const prompt = (text: string, ...responses: [string, string]) => ({
  tag: text,
  text,
  pair: { instruction, responses },
});

it('does not ask about two answers that are the same once stripped; they tie, and the deviation is named', async () => {
  const tying = identicalIsTie(judge);
  const verdicts: [string, string][] = [];
  const prompts = [prompt('same', ' 5', '5</s>\n'), prompt('other', '5', '6'), { tag: 'bare', text: 'bare' }];
  for await (const reply of tying.ask(prompts)) {
    verdicts.push([reply.tag, 'rawText' in reply ? reply.rawText : 'failed']);
  }
  expect(verdicts).toEqual([
    ['same', 'Tie'],
    ['other', '1'],
    ['bare', '1'],
  ]);
  expect(asked).toEqual(['other', 'bare']);
  expect(tying.deviations).toEqual(['one', 'two identical answers tie without being judged']);
  expect(tying.decoding).toEqual({ strategy: 'beams', identical: 'tie' });
});
