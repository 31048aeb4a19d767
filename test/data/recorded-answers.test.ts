import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { instructionId } from '../../src/data/instructions.ts';
import { readRecordedAnswers } from '../../src/data/recorded/recorded-answers.ts';
import { inputErrorOf } from '../support/failure.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const IDS = [instructionId('Add.', ''), instructionId('Add.', '1 and 1')];

function write(content: unknown): string {
  const path = join(folder, 'answers.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('recorded answers', () => {
  it('of alpaca_eval belong to the exit that the file is named for', () => {
    const path = write([
      { instruction: 'Add.', output: ' 3\n', generator: 'x', dataset: 'y' },
      { instruction: 'Add.', input: '1 and 1', output: '' },
    ]);
    expect(readRecordedAnswers(path, 12, { ids: IDS })).toEqual(
      new Map([
        [
          12,
          new Map([
            [IDS[0], ' 3\n'],
            [IDS[1], ''],
          ]),
        ],
      ]),
    );
  });

  it('with an exit each belong to that one', () => {
    const path = write(
      '{"instruction":"Add.","response":"a","exit":4}\n{"instruction":"Add.","response":"b","exit":8}\n',
    );
    const answers = readRecordedAnswers(path, undefined, { ids: IDS });
    expect([...answers].map(([exit, texts]) => [exit, texts.get(IDS[0]!)])).toEqual([
      [4, 'a'],
      [8, 'b'],
    ]);
  });

  it('of PandaLM’s candidates are texts in the order of the instructions', () => {
    const asked = { ids: IDS, size: 3 };
    const answers = readRecordedAnswers(write(['one', 'two', 'beyond the limit']), 8, asked);
    expect(answers).toEqual(
      new Map([
        [
          8,
          new Map([
            [IDS[0], 'one'],
            [IDS[1], 'two'],
          ]),
        ],
      ]),
    );
  });

  it('of PandaLM’s script are pairs of a record and a text', () => {
    const path = write([[{ motivation_app: 'Mail', instruction: 'Add.', input: '1 and 1' }, '2']]);
    expect(readRecordedAnswers(path, 8, { ids: IDS })).toEqual(new Map([[8, new Map([[IDS[1], '2']])]]));
  });

  it('belong to an instruction with its context and its system text', () => {
    const path = write([
      { instruction: 'Add.', context: '1 and 1', response: '2', category: 'closed_qa' },
      { instruction: 'Add.', input: '', output: 'two', system: 'Use words.' },
    ]);
    const ids = [IDS[1], instructionId('Add.', '', 'Use words.')];
    expect([...readRecordedAnswers(path, 8, { ids: IDS }).get(8)!.keys()]).toEqual(ids);
  });

  it('with texts that nobody reads are told in a line, labels are not', () => {
    const path = write([
      { instruction: 'Add.', output: '3', generator: 'x', history: [['Hi', 'Ho']], seconds: 3 },
      { instruction: 'Add.', input: '1 and 1', output: '2', hint: 'Count.' },
    ]);
    const notes: string[] = [];
    readRecordedAnswers(path, 8, { ids: IDS }, (text) => notes.push(text));
    expect(notes).toEqual([`${path}: texts that are not read, under the keys history, hint.`]);
  });

  it.each([
    ['no exit anywhere', [{ instruction: 'Add.', output: 'a' }], undefined, 'bad-schema'],
    ['texts without an exit', ['a', 'b'], undefined, 'bad-schema'],
    [
      'another exit than the file is named for',
      [{ instruction: 'Add.', output: 'a', exit: 4 }],
      8,
      'bad-results',
    ],
    ['fewer texts than instructions', ['a'], 8, 'bad-results'],
    ['more texts than instructions', ['a', 'b', 'c'], 8, 'bad-results'],
    ['texts and records', ['a', { instruction: 'Add.', output: 'a' }], 8, 'bad-schema'],
    [
      'two answers',
      [
        { instruction: 'Add.', output: 'a' },
        { instruction: 'Add.', output: 'b' },
      ],
      8,
      'bad-results',
    ],
    ['no answer', [{ instruction: 'Add.' }], 8, 'bad-schema'],
    ['an answer that is no text', [{ instruction: 'Add.', output: 7 }], 8, 'bad-schema'],
    ['an exit of 0', [{ instruction: 'Add.', output: 'a', exit: 0 }], undefined, 'bad-schema'],
  ])('are refused with %s', async (_title, content, exit, code) => {
    const path = write(content);
    expect((await inputErrorOf(() => readRecordedAnswers(path, exit, { ids: IDS }))).code).toBe(code);
  });
});
