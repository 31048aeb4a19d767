import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { majorityLabel, readHumanLabels } from '../../src/data/human-labels.ts';
import { instructionId } from '../../src/data/instructions.ts';

const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(records: readonly unknown[], note?: (text: string) => void) {
  const path = join(folder, 'labels.json');
  writeFileSync(path, JSON.stringify(records));
  return readHumanLabels(path, note);
}

const PANDALM = {
  idx: 0,
  motivation_app: 'Grammarly',
  cmp_key: 'bloom-7b_llama-7b',
  instruction: 'Rewrite.',
  input: 'It is.',
  response1: "It's.",
  response2: '',
  annotator1: 2,
  annotator2: 0,
  annotator3: 2,
};

describe('readHumanLabels refuses', () => {
  it.each([
    ['a format it does not know', [{ question: 'a', chosen: 'b' }], /found the keys question, chosen/],
    ['records that are no objects', [3], /found 3/],
    [
      'a label outside the format',
      [{ ...PANDALM, annotator3: 3 }],
      /\[0\]\.annotator3: expected 0, 1 or 2, found 3/,
    ],
    ['a tie in LLMBar', [{ input: 'a', output_1: 'b', output_2: 'c', label: 0 }], /expected 1 or 2, found 0/],
    [
      'a response that is null',
      [{ ...PANDALM, response2: null }],
      /response2: expected a text or a boolean, found null/,
    ],
    [
      'a second format in one file',
      [PANDALM, { input: 'a', output_1: 'b', output_2: 'c', label: 1 }],
      /\[1\]\.idx/,
    ],
    [
      'an idx that comes twice',
      [PANDALM, PANDALM],
      /\[1\]: expected each idx once, found idx 0, which .*\[0\] has/,
    ],
  ])('%s', (_, records, message) => {
    expect(() => read(records)).toThrow(expect.objectContaining({ code: 'bad-schema' }));
    expect(() => read(records)).toThrow(message);
  });
});

describe('readHumanLabels reads', () => {
  it("PandaLM's test set", () => {
    expect(read([PANDALM])).toEqual([
      {
        index: 0,
        promptId: instructionId('Rewrite.', 'It is.'),
        instruction: 'Rewrite.',
        input: 'It is.',
        response1: "It's.",
        response2: '',
        label: '2',
        annotations: ['2', 'tie', '2'],
        models: 'bloom-7b_llama-7b',
      },
    ]);
  });

  it("PandaLM's test set without the models' names", () => {
    const { cmp_key, ...record } = PANDALM;
    expect(read([record])[0]).not.toHaveProperty('models');
  });

  it('JSON booleans as the texts that Python makes of them', () => {
    const [pair] = read([{ ...PANDALM, response1: true, response2: false }]);
    expect([pair!.response1, pair!.response2]).toEqual(['True', 'False']);
  });

  it('LLMBar', () => {
    expect(read([{ input: 'Add.', output_1: '3', output_2: '4', label: 2 }])).toEqual([
      {
        index: 0,
        promptId: instructionId('Add.', ''),
        instruction: 'Add.',
        input: '',
        response1: '3',
        response2: '4',
        label: '2',
        annotations: ['2'],
      },
    ]);
  });

  it('auto-j, whose labels count from 0 and whose tie is 2', () => {
    const records = [0, 1, 2].map((label) => ({
      scenario: 'code_generation',
      label,
      prompt: 'Add.',
      'response 1': '3',
      'response 2': '4',
    }));
    expect(read(records).map(({ index, label }) => [index, label])).toEqual([
      [0, '1'],
      [1, '2'],
      [2, 'tie'],
    ]);
  });

  it.each([
    [{ input: 'Add.', output_1: '3', output_2: '4', label: 2, instruction: 'Be kind.' }, 'instruction'],
    [{ ...PANDALM, context: 'A mail.' }, 'context'],
  ])('%j with a line about the text that is not read', (record, key) => {
    const notes: string[] = [];
    read([record], (text) => notes.push(text));
    expect(notes).toEqual([expect.stringMatching(`: texts that are not read, under the keys ${key}\\.$`)]);
  });
});

describe('majorityLabel', () => {
  it.each([
    [['1', '1', '2'], '1'],
    [['2', '1', '1'], '1'],
    [['tie', '2', 'tie'], 'tie'],
    [['2'], '2'],
    // Upstream takes the maximum of a dict of votes: the first annotator breaks a tie of three.
    [['tie', '1', '2'], 'tie'],
    [['2', 'tie', '1'], '2'],
  ] as const)('of %j is %s', (annotations, label) => {
    expect(majorityLabel(annotations)).toBe(label);
  });
});
