import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NANO_FOLDER } from '../../../src/config/nano-run.ts';
import { readHumanLabels } from '../../../src/data/human-labels.ts';
import { instructionId, readInstructions } from '../../../src/data/instructions.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { alpacaEval, dolly, jsonLines, selfInstruct } from './instruction-forms.ts';

const folder = tempFolder();

function read(
  content: string,
  ...rest: Parameters<typeof readInstructions> extends [string, ...infer R] ? R : never
) {
  const path = join(folder, 'set');
  writeFileSync(path, content);
  return readInstructions(path, ...rest);
}

describe('one set in the form of', () => {
  const set = readInstructions(join(NANO_FOLDER, 'data', 'test.json'));
  const withoutLabels = (read: typeof set) => read.map(({ metadata, ...rest }) => rest);

  it.each([
    ['Dolly', dolly],
    ['self-instruct', selfInstruct],
    [
      'LlamaFactory',
      (all: typeof set) =>
        JSON.stringify(
          all.map(({ instruction, input, answer, category }) => ({
            instruction,
            input,
            output: answer,
            system: '',
            history: [],
            category,
          })),
        ),
    ],
    [
      'LlamaFactory’s columns',
      (all: typeof set) =>
        JSON.stringify(
          all.map(({ instruction, input, answer, category }) => ({
            prompt: instruction,
            query: input,
            response: answer,
            category,
          })),
        ),
    ],
  ])('%s is the set with its ids, inputs and known answers', (_, written) => {
    expect(set.length).toBe(170);
    expect(withoutLabels(read(written(set)))).toEqual(set);
  });

  it.each([
    ['alpaca_eval', alpacaEval],
    [
      'ShareGPT',
      (all: typeof set) =>
        jsonLines(
          all.map(({ instruction, answer, category }) => ({
            id: 'x',
            conversations: [
              { from: 'human', value: instruction },
              { from: 'gpt', value: answer },
            ],
            category,
          })),
        ),
    ],
    [
      'OpenAI’s messages',
      (all: typeof set) =>
        jsonLines(
          all.map(({ instruction, answer, category }) => ({
            messages: [
              { role: 'user', content: instruction },
              { role: 'assistant', content: answer },
            ],
            category,
          })),
        ),
    ],
    [
      'MT-Bench',
      (all: typeof set) =>
        jsonLines(
          all.map(({ instruction, answer, category }, index) => ({
            question_id: index,
            category,
            turns: [instruction],
            reference: [answer],
          })),
        ),
    ],
  ])('%s, which has no inputs, is that of those without one', (_, written) => {
    const bare = set.filter(({ input }) => input === '');
    expect(bare.length).toBeGreaterThan(20);
    expect(withoutLabels(read(written(bare)))).toEqual(bare);
  });
});

describe('a file is read that comes from', () => {
  it('alpaca_eval: dataset and generator are kept', () => {
    const record = {
      dataset: 'koala',
      instruction: 'Who is it?',
      output: 'Nobody.',
      generator: 'gpt4',
      datasplit: 'eval',
    };
    expect(read(JSON.stringify([record]))).toEqual([
      {
        ...{ id: instructionId('Who is it?', ''), instruction: 'Who is it?', input: '', answer: 'Nobody.' },
        metadata: { dataset: 'koala', generator: 'gpt4', datasplit: 'eval' },
      },
    ]);
  });

  it('self-instruct: every instance is an instruction with the labels of its task', () => {
    const seed = {
      ...{ id: 'seed_task_3', name: 'rewrite', instruction: 'Rewrite it.', is_classification: false },
      instances: [
        { input: 'a', output: 'b' },
        { input: 'c', output: '' },
      ],
    };
    const metadata = { id: 'seed_task_3', name: 'rewrite', is_classification: false };
    const instruction = 'Rewrite it.';
    expect(read(jsonLines([seed]))).toEqual([
      { id: instructionId(instruction, 'a'), instruction, input: 'a', answer: 'b', metadata },
      { id: instructionId(instruction, 'c'), instruction, input: 'c', metadata },
    ]);
    const columns = { ...seed, instances: { input: ['a', 'c'], output: ['b', ''] } };
    expect(read(jsonLines([columns]))).toEqual(read(jsonLines([seed])));
    const flat = { id: 'x', instruction, instance_input: 'a', output: 'b' };
    expect(read(jsonLines([flat]))).toMatchObject([{ input: 'a', answer: 'b', metadata: { id: 'x' } }]);
  });

  it('Vicuna and FastChat: question and category', () => {
    const vicuna = { question_id: 1, text: 'How are you?', category: 'generic' };
    const hard = {
      question_id: 'abc',
      category: 'arena',
      cluster: 'Games',
      turns: [{ content: 'How are you?' }],
    };
    const asked = { id: instructionId('How are you?', ''), instruction: 'How are you?', input: '' };
    expect(read(jsonLines([vicuna]))).toEqual([
      { ...asked, category: 'generic', metadata: { question_id: 1 } },
    ]);
    expect(read(jsonLines([hard]))).toEqual([
      { ...asked, category: 'arena', metadata: { question_id: 'abc', cluster: 'Games' } },
    ]);
  });

  it('LlamaFactory and ShareGPT: system texts are part of the id', () => {
    const llama = { instruction: 'Sky?', input: '', output: 'Blue', system: 'One word.', history: null };
    const chat = [
      { from: 'system', value: 'One word.' },
      { from: 'human', value: 'Sky?' },
      { from: 'gpt', value: 'Blue' },
    ];
    const expected = {
      id: instructionId('Sky?', '', 'One word.'),
      instruction: 'Sky?',
      input: '',
      system: 'One word.',
      answer: 'Blue',
    };
    expect(expected.id).not.toBe(instructionId('Sky?', ''));
    expect(read(JSON.stringify([llama]))).toEqual([expected]);
    expect(read(JSON.stringify([{ conversations: chat }]))).toEqual([expected]);
    expect(read(JSON.stringify([{ conversations: chat.slice(1), system: 'One word.' }]))).toEqual([expected]);
    expect(read(JSON.stringify([llama, { ...llama, system: 'Two words.' }]))).toHaveLength(2);
  });

  it('OpenAI: content in parts, if all of them are texts', () => {
    const inParts = (...texts: string[]) => texts.map((text) => ({ type: 'text', text }));
    const messages = [
      { role: 'user', content: inParts('How are ', 'you?') },
      { role: 'assistant', content: inParts('Fine.') },
    ];
    const asked = { id: instructionId('How are you?', ''), instruction: 'How are you?', input: '' };
    expect(read(JSON.stringify([{ messages }]))).toEqual([{ ...asked, answer: 'Fine.' }]);
  });

  it('PandaLM: the pairs of its test set, each instruction once, with the ids that its labels have', () => {
    const pair = {
      ...{
        idx: 0,
        motivation_app: 'Mail',
        cmp_key: 'bloom-7b_llama-7b',
        instruction: 'Shorten it.',
        input: 'A b.',
      },
      ...{ response1: 'A', response2: true, annotator1: 0, annotator2: 1, annotator3: 2 },
    };
    const content = JSON.stringify([pair, { ...pair, idx: 1, response1: 'B' }]);
    const notes: string[] = [];
    const [one, ...others] = read(content, { duplicates: 'first' }, (note) => notes.push(note));
    expect(others).toEqual([]);
    expect(one).toMatchObject({ category: 'Mail', metadata: { idx: 0, response2: true } });
    expect(one).not.toHaveProperty('answer');
    expect(notes).toEqual(['Repeated records, left out (duplicates: first): 1.']);
    expect(readHumanLabels(join(folder, 'set'))[0]!.promptId).toBe(one!.id);
  });

  it('anywhere, with numbers, flags and empty texts under keys of its own: they are labels', () => {
    const record = {
      instruction: 'Add.',
      output: null,
      kto_tag: true,
      quality: 3,
      note: ' ',
      tools: null,
      images: [],
    };
    expect(read(JSON.stringify([record]))[0]!.metadata).toEqual({
      kto_tag: true,
      quality: 3,
      note: ' ',
      images: [],
    });
  });
});
