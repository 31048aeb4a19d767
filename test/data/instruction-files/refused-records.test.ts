import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordOptions } from '../../../src/data/instruction-files/record-options.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const path = join(tempFolder(), 'set');

function read(records: readonly unknown[], options: Partial<RecordOptions> = {}, notes: string[] = []) {
  writeFileSync(path, JSON.stringify(records));
  return readInstructions(path, options, (note) => notes.push(note));
}

const refused = async (record: unknown, options: Partial<RecordOptions> = {}) =>
  inputErrorOf(() => read([record], options));

const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });

describe('a record is refused by the key of a text that nobody would ask', () => {
  const asked = { instruction: 'Add 1.' };
  it.each<[string, object, string]>([
    ['an unknown key', { ...asked, passage: 'On rivers.' }, '.passage'],
    ['a misspelled key', { ...asked, Input: '2' }, '.Input'],
    ['a list of texts', { ...asked, contexts: ['On rivers.'] }, '.contexts'],
    ['texts far inside', { ...asked, extra: { more: [{ deep: 'x' }] } }, '.extra'],
    ['Alpaca’s whole text', { ...asked, text: 'Below is an instruction …' }, '.text'],
    ['a preference', { ...asked, chosen: 'a', rejected: 'b' }, '.chosen'],
    ['tools of a conversation', { conversations: [human('Hi')], tools: '[{"name": "f"}]' }, '.tools'],
    ['a key of an instance', { ...asked, instances: [{ input: 'a', hint: 'b' }] }, '.instances[0].hint'],
    [
      'an instance with an instruction too',
      { ...asked, instances: [{ instruction: 'b' }] },
      '.instances[0].instruction',
    ],
    ['a key of a message', { messages: [{ role: 'user', content: 'Hi', tool: 'f' }] }, '.messages[0].tool'],
    ['a question beside its text', { question_id: 1, text: 'Why?', passage: 'x' }, '.passage'],
    ['input and context', { ...asked, input: 'a', context: 'b' }, '.context'],
    ['output and response', { ...asked, output: 'a', response: 'b' }, '.response'],
    ['instruction and prompt', { ...asked, prompt: 'Add 2.' }, '.prompt'],
    [
      'a message of two texts',
      { messages: [{ role: 'user', content: 'Hi', value: 'Ho' }] },
      '.messages[0].content',
    ],
    [
      'two system texts',
      { system: 'a', conversations: [{ from: 'system', value: 'b' }, human('Hi')] },
      '.message',
    ],
  ])('%s', async (_, record, key) => {
    const error = await refused(record);
    expect(error).toMatchObject({ code: 'bad-instructions', where: `${path}: [0]${key}` });
    expect(error.fix).toMatch(/ignoreKeys|Remove/);
  });

  it('and a message with a picture, which nobody would see', async () => {
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url: 'a.png' } },
    ];
    const error = await refused({ messages: [{ role: 'user', content }] });
    expect(error.message).toContain('messages.0.content: expected a text, or a list of {type: "text", text}');
  });

  it('unless its key is to be left out, which a note says', () => {
    const notes: string[] = [];
    const [one] = read([{ ...asked, passage: 'On rivers.' }], { ignoreKeys: ['passage'] }, notes);
    expect(one).toEqual({ ...one, instruction: 'Add 1.', input: '' });
    expect(one).not.toHaveProperty('metadata');
    expect(notes).toEqual(['Left out: the keys passage (ignoreKeys).']);
  });
});

describe('a key that is left out', () => {
  it.each([
    ['an instance', { instruction: 'Add.', instances: [{ input: '1', hint: 'b' }] }],
    ['a message', { messages: [{ role: 'user', content: 'Add.', hint: 'b' }] }],
    ['the record', { instruction: 'Add.', hint: ['b'] }],
  ])('may be one of %s', async (_, record) => {
    expect((await refused(record)).where).toContain('.hint');
    expect(read([record], { ignoreKeys: ['hint'] })).toMatchObject([{ instruction: 'Add.' }]);
  });
});

describe('a record of several turns', () => {
  const spoken = ['One?', 'First.', 'Two?', 'Second.', 'Three?'];
  const roles = spoken.map((_, index) => index % 2 === 0);
  const records: [string, object, number, string?][] = [
    ['MT-Bench', { question_id: 81, turns: ['One?', 'Two?'], reference: ['First.', ''] }, 2, 'First.'],
    ['LlamaFactory', { instruction: 'Two?', output: 'Second.', history: [['One?', 'First.']] }, 2, 'First.'],
    [
      'ShareGPT',
      { conversations: spoken.map((text, index) => (roles[index] ? human(text) : gpt(text))) },
      3,
      'First.',
    ],
    [
      'OpenAI',
      { messages: spoken.map((content, index) => ({ role: roles[index] ? 'user' : 'assistant', content })) },
      3,
      'First.',
    ],
  ];

  it.each(records)('in %s’s form is refused with their number', async (_, record, turns) => {
    const error = await refused(record);
    expect(error).toMatchObject({ code: 'bad-instructions', where: `${path}: [0]`, found: `${turns} turns` });
    expect(error.fix).toContain('turns: first');
  });

  it.each(records)(
    'in %s’s form is asked for its first where that is written',
    (_, record, _turns, answer) => {
      const notes: string[] = [];
      const [one] = read([record], { turns: 'first' }, notes);
      expect(one).toMatchObject({ instruction: 'One?', input: '', answer });
      expect(notes).toEqual(['Records of several turns, of which the first is read (turns: first): 1.']);
    },
  );
});

describe('a conversation is refused', () => {
  it.each([
    ['that an assistant begins', [gpt('Hello'), human('Hi')]],
    ['in which a user speaks twice', [human('Hi'), human('You?')]],
    ['in which the assistant speaks twice', [human('Hi'), gpt('a'), gpt('b')]],
    ['with a tool’s words', [human('Hi'), { from: 'function_call', value: '{}' }]],
    ['of a system text alone', [{ from: 'system', value: 'Be brief.' }]],
    ['without messages', []],
    ['with a message of nobody', [{ value: 'Hi' }]],
    ['with a message of nothing', [{ from: 'human', value: null }]],
    ['with a list of texts that are no parts', [{ role: 'user', content: ['Hi'] }]],
    ['that asks nothing', [human(' ')]],
  ])('%s', async (_, conversations) => {
    expect((await refused({ conversations })).code).toBe('bad-instructions');
  });
});

describe('keys of the file’s own', () => {
  const record = { q: 'Shorten.', passage: 'Long.', gold: 'S.', persona: 'A poet.', past: [] };
  const columns = { prompt: 'q', query: 'passage', response: 'gold', system: 'persona', history: 'past' };

  it('are read as what the sweep file says they hold', () => {
    expect(read([record], { columns })).toMatchObject([
      { instruction: 'Shorten.', input: 'Long.', answer: 'S.', system: 'A poet.' },
    ]);
    expect(read([{ chat: [human('Hi'), gpt('Ho')] }], { columns: { messages: 'chat' } })).toMatchObject([
      { instruction: 'Hi', answer: 'Ho' },
    ]);
  });

  it('take the place of none that is there', async () => {
    const error = await refused({ ...record, input: 'x' }, { columns });
    expect(error.where).toBe(`${path}: [0].input`);
    expect(read([{ ...record, input: 'x' }], { columns, ignoreKeys: ['input'] })).toHaveLength(1);
  });

  it.each<[string, Partial<RecordOptions>]>([
    ['columns.query', { columns: { ...columns, query: 'pasage' } }],
    ['ignoreKeys', { columns, ignoreKeys: ['pasage'] }],
  ])('that no record has are a mistake in %s', async (option, options) => {
    const error = await refused(record, options);
    expect(error.found).toBe('it in none');
    expect(error.fix).toContain(`records.${option}`);
  });

  it('of no format are refused by their names', async () => {
    expect((await refused(record)).found).toBe('the keys q, passage, gold, persona, past');
  });
});

describe('records that ask the same', () => {
  it('are left out where that is written, and a note counts them and their other answers', () => {
    const notes: string[] = [];
    const records = [
      { instruction: 'a', output: '1' },
      { instruction: 'b', output: '2' },
      { instruction: 'a', output: '1' },
      { instruction: 'a', output: '3' },
    ];
    expect(read(records, { duplicates: 'first' }, notes)).toMatchObject([
      { instruction: 'a', answer: '1' },
      { instruction: 'b', answer: '2' },
    ]);
    expect(notes).toEqual([
      'Repeated records, left out (duplicates: first): 2, of them with another known answer: 1.',
    ]);
  });
});
