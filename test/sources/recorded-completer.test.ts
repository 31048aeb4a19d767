import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JudgeReply, judgeOf } from '../../src/judge/judge.ts';
import { pandalm } from '../../src/judge/protocols/pandalm.ts';
import { parseVerdict } from '../../src/judge/protocols/pandalm-parser.ts';
import { judgePrompt } from '../../src/judge/protocols/pandalm-prompt.ts';
import {
  openRecordedCompleter,
  type RecordedCompleterOptions,
} from '../../src/sources/recorded-completer.ts';
import { inputErrorOf } from '../support/failure.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const openRecordedJudge = (options: RecordedCompleterOptions) =>
  judgeOf(pandalm, openRecordedCompleter(options, pandalm));
const QUESTION = { instruction: 'Add 1 and 1.', input: '' };

function write(name: string, records: readonly object[], lines = false): string {
  const path = join(folder, name);
  const text = lines ? records.map((record) => JSON.stringify(record)).join('\n') : JSON.stringify(records);
  writeFileSync(path, text);
  return path;
}

const record = (response1: string, response2: string, more: object) => ({
  instruction: QUESTION.instruction,
  response1,
  response2,
  ...more,
});

async function askAll(verdicts: string, pairs: [string, string][], labelled?: string) {
  const judge = openRecordedJudge({ label: 'recorded', verdicts: [verdicts], pairs: labelled });
  const replies: JudgeReply<number>[] = [];
  const prompts = pairs.map((pair, tag) => ({ tag, text: judgePrompt(QUESTION, ...pair) }));
  for await (const reply of judge.ask(prompts)) replies.push(reply);
  return replies.map((reply) => ('error' in reply ? reply.error : reply.rawText));
}

describe('recorded verdicts', () => {
  const verdicts = write(
    'verdicts.jsonl',
    [
      record('2', '3', { raw: '1\n\n### Reason: right' }),
      record('3', '2', { verdict: 2 }),
      record('2', '2', { verdict: 0 }),
      record('5', '2', { verdict: 'Tie', input: null }),
      record('6', '2', { verdict: 'who knows' }),
    ],
    true,
  );

  it('are found by what the judge read, in its order', async () => {
    const found = await askAll(verdicts, [
      ['2', '3'],
      [' 3\n', '2</s>'],
      ['2', '2'],
      ['5', '2'],
      ['6', '2'],
    ]);
    expect(found).toEqual(['1\n\n### Reason: right', '2', 'Tie', 'Tie', 'who knows']);
    expect(found.map((text) => parseVerdict(text!))).toEqual(['1', '2', 'tie', 'tie', 'malformed']);
  });

  it('that are not there are failures and not made up', async () => {
    const found = await askAll(verdicts, [
      ['2', '5'],
      ['2', '3'],
    ]);
    expect(found).toEqual(['the file has no verdict on this pair in this order', '1\n\n### Reason: right']);
  });

  it('of alpaca_eval need a preference, if only null', async () => {
    const pair = { instruction: QUESTION.instruction, output_1: '2', output_2: '3' };
    const path = (preference: object) => write('annotations.json', [{ ...pair, ...preference }]);
    expect(await askAll(path({ preference: null }), [['2', '3']])).toEqual([
      expect.stringMatching(/^no preference\n/),
    ]);
    const error = await inputErrorOf(() => askAll(path({}), [['2', '3']]));
    expect(error.message).toContain(
      '[0].preference: expected a number from 1 to 2, 0, or null, found nothing',
    );
  });

  it('may come from PandaLM’s result file with the pairs that it is about', async () => {
    const results = write('results.json', [
      { idx: 0, pandalm_result: 2, pandalm_reason: 'shorter' },
      { idx: 1, pandalm_result: 0 },
      { idx: 2, pandalm_result: 'garbage' },
    ]);
    const labels = { annotator1: 1, annotator2: 1, annotator3: 1 };
    const pairs = write(
      'pairs.json',
      [0, 1, 2].map((idx) => ({
        idx,
        ...QUESTION,
        response1: `${idx}`,
        response2: 'x',
        ...labels,
      })),
    );
    const found = await askAll(
      results,
      [
        ['0', 'x'],
        ['1', 'x'],
        ['2', 'x'],
      ],
      pairs,
    );
    expect(found).toEqual(['2\n\n### Reason: shorter', 'Tie', 'garbage']);
  });

  it('have a key that goes by what they say', () => {
    const keyOf = (path: string) => openRecordedJudge({ label: 'x', verdicts: [path] }).key;
    const copy = write('copy.json', [record('1', '2', { verdict: 1 })]);
    const other = write('other.json', [record('1', '2', { verdict: 2 })]);
    expect(keyOf(write('same.json', [record('1', '2', { verdict: 1 })]))).toBe(keyOf(copy));
    expect(keyOf(other)).not.toBe(keyOf(copy));
  });

  it.each([
    [
      'two verdicts on one pair',
      [record('a', 'b', { verdict: 1 }), record('a', 'b', { verdict: 2 })],
      'bad-results',
    ],
    ['neither text nor verdict', [record('a', 'b', {})], 'bad-schema'],
    ['both of them', [record('a', 'b', { raw: '1', verdict: 1 })], 'bad-schema'],
    ['a verdict of 3', [record('a', 'b', { verdict: 3 })], 'bad-schema'],
    ['no responses', [{ idx: 1, pandalm_result: 1 }], 'bad-schema'],
    ['no records', [], 'empty'],
  ])('are refused with %s', async (_title, records, code) => {
    const path = write('bad.json', records);
    expect((await inputErrorOf(() => openRecordedJudge({ label: 'x', verdicts: [path] }))).code).toBe(code);
  });

  it('may say the same twice', async () => {
    const path = write('twice.json', [record('a', 'b', { verdict: 1 }), record('a', 'b', { verdict: 1 })]);
    expect(await askAll(path, [['a', 'b']])).toEqual(['1']);
  });
});
