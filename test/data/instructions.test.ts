import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { instructionId, readInstructions } from '../../src/data/instructions.ts';

const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, 'set');
  writeFileSync(path, content);
  return path;
}

function failure(path: string): InputError {
  try {
    readInstructions(path);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('readInstructions refuses', () => {
  it('a missing file', () => {
    const error = failure(join(folder, 'missing.json'));
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(/missing\.json: expected .* found no such file\. Check the path/);
  });

  it('a directory', () => {
    expect(failure(folder)).toMatchObject({
      code: 'not-readable',
      message: expect.stringContaining('a directory'),
    });
  });

  it.each([
    ['an empty file', '', 'empty', 'set'],
    ['an empty array', '[]', 'empty', 'set'],
    ['text that is no JSON', 'Once upon a time', 'not-json', 'set: line 1'],
    ['a cut array', '[{"instruction": "a"}, {"instr', 'not-json', 'set'],
    ['a cut line', '{"instruction": "a"}\n\n{"instr', 'not-json', 'set: line 3'],
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe, 0x5b, 0), 'not-json', 'set'],
    ['one object over many lines', '{\n"data": []\n}', 'bad-instructions', 'set'],
    ['one object that is no record', '{"data": []}', 'bad-instructions', 'set: line 1.instruction'],
    ['a list of texts', '["Add 1 and 2."]', 'bad-instructions', 'set: [0]'],
    ['null for a record', '[{"instruction": "a"}, null]', 'bad-instructions', 'set: [1]'],
    ['a record without instruction', '[{"input": "a"}]', 'bad-instructions', 'set: [0].instruction'],
    ['a misspelled key', '[{"Instruction": "a"}]', 'bad-instructions', 'set: [0].instruction'],
    ['a number for a text', '[{"instruction": "a", "output": 3}]', 'bad-instructions', 'set: [0].output'],
    ['a record that asks nothing', '[{"instruction": " ", "input": ""}]', 'bad-instructions', 'set: [0]'],
  ])('%s, and says where', (_, content, code, where) => {
    const error = failure(file(content));
    expect(error.code).toBe(code);
    expect(error.where).toBe(join(folder, where));
  });

  it('a value of the wrong type, and says what it found and what a record is', () => {
    expect(failure(file('{"instruction": "a"}\n{"instruction": ["b"]}')).message).toBe(
      `${join(folder, 'set')}: line 2.instruction: expected a text, found ["b"]. Each record must be an object with the ` +
        'texts "instruction", "input" (optional) and "output" (optional).',
    );
  });

  it('records that ask the same, and says which', () => {
    const records = ['a', 'b', 'a', 'a', 'b', 'a'].map((instruction) => ({ instruction }));
    const error = failure(file(JSON.stringify(records)));
    const path = join(folder, 'set');
    expect(error.where).toBe(`${path}: [2]`);
    expect(error.message).toContain(
      `found 4 repeated: ${path}: [2] repeats ${path}: [0]; ${path}: [3] repeats ${path}: [0]; ` +
        `${path}: [4] repeats ${path}: [1]; and 1 more.`,
    );
  });
});

describe('readInstructions reads', () => {
  it("Alpaca's array: an output is the answer, an empty one is none", () => {
    const records = [
      { instruction: 'Sort the numbers.', input: ' 3 1 2', output: '1 2 3', category: 'sort' },
      { instruction: 'Say something.', input: '', output: ' \n' },
    ];
    expect(readInstructions(file(JSON.stringify(records, null, 2)))).toEqual([
      {
        id: '08bb65f346d5c009',
        instruction: 'Sort the numbers.',
        input: ' 3 1 2',
        answer: '1 2 3',
        category: 'sort',
      },
      { id: instructionId('Say something.', ''), instruction: 'Say something.', input: '' },
    ]);
  });

  it('JSON Lines with a byte order mark, Windows line ends, empty lines and foreign keys', () => {
    const text = '\ufeff{"instruction": "a", "input": null, "id": 7}\r\n\r\n{"instruction": "b"}\r\n';
    expect(readInstructions(file(text)).map(({ instruction, input }) => [instruction, input])).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
  });

  it("PandaLM's inference set: the application is the category, an instruction may be empty beside an input", () => {
    const records = [
      { motivation_app: 'Amazon', instruction: 'List adjectives.', input: 'a startup' },
      { motivation_app: 'Notion', instruction: '', input: 'Write a poem.' },
    ];
    const read = readInstructions(file(JSON.stringify(records)));
    expect(read.map(({ category, instruction }) => [category, instruction])).toEqual([
      ['Amazon', 'List adjectives.'],
      ['Notion', ''],
    ]);
    expect(read[0]).not.toHaveProperty('answer');
  });
});

describe('instructionId', () => {
  it('is the same as anywhere else', () => {
    // python3 -c 'import hashlib; print(hashlib.sha256("Sort the numbers.\0 3 1 2".encode()).hexdigest()[:16])'
    expect(instructionId('Sort the numbers.', ' 3 1 2')).toBe('08bb65f346d5c009');
  });

  it('tells what belongs to the instruction from what belongs to the input', () => {
    expect(instructionId('ab', 'c')).not.toBe(instructionId('a', 'bc'));
    expect(instructionId('a\0b', 'c')).not.toBe(instructionId('a', 'b\0c'));
  });
});
