import { expect, it } from 'vitest';
import { identicalIsTie } from '../../src/judge/identical-is-tie.ts';
import { judgeOf } from '../../src/judge/judge.ts';
import { mtBench } from '../../src/judge/protocols/mt-bench.ts';
import { pandalm } from '../../src/judge/protocols/pandalm.ts';
import { scriptedCompleter } from '../evaluate/scripted-judge.ts';

const instruction = { id: 'i', instruction: 'Add.', input: '' };
const prompt = (text: string, ...responses: [string, string]) => ({
  tag: text,
  text,
  pair: { instruction, responses },
});

it('does not ask about two responses that are the same once stripped; they tie, and the deviation is named', async () => {
  const completer = scriptedCompleter(() => '1');
  const tying = identicalIsTie(judgeOf(pandalm, completer));
  const verdicts: [string, string][] = [];
  const prompts = [prompt('same', ' 5', '5</s>\n'), prompt('other', '5', '6'), { tag: 'bare', text: 'bare' }];
  for await (const reply of tying.ask(prompts)) {
    verdicts.push([reply.tag, 'rawText' in reply ? reply.rawText! : 'failed']);
  }
  expect(verdicts).toEqual([
    ['same', 'Tie'],
    ['other', '1'],
    ['bare', '1'],
  ]);
  expect(completer.asked).toEqual(['other', 'bare']);
  expect(tying.deviations).toEqual(['not a model', 'two identical answers tie without being judged']);
  expect(tying.decoding).toEqual({ strategy: 'scripted', identical: 'tie' });
});

it('writes the tie of its protocol, which alone knows what is identical', async () => {
  const tying = identicalIsTie(
    judgeOf(
      mtBench,
      scriptedCompleter(() => '[[A]]'),
    ),
  );
  const texts: string[] = [];
  for await (const reply of tying.ask([prompt('same', '5', '5'), prompt('space', '5', '5 ')])) {
    if ('rawText' in reply) texts.push(reply.rawText!);
  }
  expect(texts).toEqual(['[[C]]', '[[A]]']);
  expect(mtBench.parse(texts[0]!).slotVerdict).toBe('tie');
});
