import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NANO_FOLDER } from '../../../src/config/nano-run.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { queryView } from '../../../src/store/read/query-view.ts';
import { refusalOf, runMain } from '../../cli/run.ts';
import { alpacaEval, dolly, selfInstruct } from '../../data/instruction-files/instruction-forms.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withResults, writeSweep } from '../trio.ts';

const root = tempFolder();
writeRandomCheckpoint(join(root, 'model'), { layers: 2, contextLength: 640, exits: [1, 2] });

interface Written {
  readonly file: string;
  readonly content: string;
  readonly changes?: object;
}

/** Writes the file and a sweep of one model over it. */
function write(folder: string, { file, content, changes = {} }: Written): string {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, file), content);
  const models = { model: { path: join(root, 'model') } };
  const bare = { comparisons: [], judge: undefined, kl: undefined };
  return writeSweep(join(root, folder), { ...bare, models, instructions: file, ...changes });
}

async function responsesOf(folder: string, written: Written) {
  const { code, stderr } = await runMain(['generate', write(folder, written)]);
  expect({ code }, stderr).toEqual({ code: 0 });
  const rows = withResults(join(root, folder, 'out'), (store) =>
    store.all<Record<string, unknown>>(
      `SELECT r.position, r.instruction_id, r.answer, r.category, a.exit, g.response_key, g.prompt_sha256, g.text
       FROM answer a JOIN run_instruction r USING (run, instruction_id) JOIN generation g USING (response_key)
       ORDER BY r.position, a.exit`,
    ),
  );
  return { rows, stderr };
}

describe('a sweep over one set in several forms', () => {
  const set = readInstructions(join(NANO_FOLDER, 'data', 'test.json')).slice(0, 24);
  const plain = (of: typeof set) =>
    JSON.stringify(
      of.map(({ instruction, input, answer, category }) => ({
        instruction,
        input,
        output: answer,
        category,
      })),
    );

  it('has the ids, prompts and responses of the set in Alpaca’s', async () => {
    const { rows } = await responsesOf('alpaca', { file: 'a.json', content: plain(set) });
    expect(rows).toHaveLength(2 * set.length);
    const forms = { dolly, 'self-instruct': selfInstruct };
    for (const [name, form] of Object.entries(forms))
      expect((await responsesOf(name, { file: 'a.jsonl', content: form(set) })).rows, name).toEqual(rows);
  });

  it('has them in alpaca_eval’s where no instruction has an input', async () => {
    const bare = set.filter(({ input }) => input === '');
    const { rows } = await responsesOf('bare', { file: 'a.json', content: plain(bare) });
    expect(rows.length).toBeGreaterThan(8);
    expect((await responsesOf('alpaca-eval', { file: 'a.json', content: alpacaEval(bare) })).rows).toEqual(
      rows,
    );
  });
});

describe('what the records option of a sweep file leaves out', () => {
  const records = [
    { question_id: 1, category: 'math', turns: ['1 + 1?', 'And 1?'] },
    { question_id: 2, category: 'math', turns: ['1 + 1?'] },
  ];
  const content = JSON.stringify(records);

  it('is told, and the labels of what is read stand in the view of instructions', async () => {
    const changes = { records: { turns: 'first', duplicates: 'first' } };
    const { stderr } = await responsesOf('first', { file: 'q.json', content, changes });
    expect(stderr).toContain('Records of several turns, of which the first is read (turns: first): 1.');
    expect(stderr).toContain('Repeated records, left out (duplicates: first): 1.');
    const view = withResults(join(root, 'first', 'out'), (store) => queryView(store, 'instructions'));
    const [row] = view.rows.map((cells) =>
      Object.fromEntries(view.columns.map((name, index) => [name, cells[index]])),
    );
    expect(row).toMatchObject({
      instruction: '1 + 1?',
      category: 'math',
      metadata: '{"question_id":1}',
      system: null,
    });
  });

  it('is refused without it, before anything is made', async () => {
    const path = write('refused', { file: 'q.json', content });
    expect(refusalOf(await runMain(['sweep', path]))).toMatch(
      /q\.json: \[0\]: expected one turn.*found 2 turns/,
    );
  });
});

describe('an instruction with a system text of its own', () => {
  const records = [
    { instruction: 'Sky?', input: '', output: 'Blue', system: 'Say one word.' },
    { instruction: 'Sky?', input: '', output: 'Blue', system: 'Say two words.' },
    { instruction: 'Sky?', input: '', output: 'Blue' },
  ];
  const content = JSON.stringify(records);
  const models = (prompt: object) => ({ model: { path: join(root, 'model'), ...prompt } });

  it('is asked with it in a form that has a place for one, and only where it has one', async () => {
    const alone = { file: 'a.json', content: JSON.stringify([records[2]]) };
    const without = await responsesOf('system-none', {
      ...alone,
      changes: { models: models({ prompt: 'vicuna' }) },
    });
    const { rows } = await responsesOf('system', {
      file: 'a.json',
      content,
      changes: { models: models({ prompt: 'vicuna' }) },
    });
    expect(new Set(rows.map((row) => row['prompt_sha256'])).size).toBe(3);
    const keys = (of: typeof rows) => of.map((row) => row['response_key']);
    expect(keys(rows.slice(4))).toEqual(keys(without.rows));
    const { stdout } = await runMain([
      ...['query', 'instructions', '--db', join(root, 'system', 'out', 'results.db'), '--format', 'jsonl'],
    ]);
    expect(stdout).toContain('"system":"Say two words."');
  });

  it('has the prompt of a model whose own system text is that one', async () => {
    const one = { file: 'a.json', content: JSON.stringify([records[0]]) };
    const own = await responsesOf('system-own', {
      ...one,
      changes: { models: models({ prompt: 'vicuna' }) },
    });
    const given = { ...one, content: JSON.stringify([records[2]]) };
    const config = { prompt: 'vicuna', system: 'Say one word.' };
    const all = await responsesOf('system-given', { ...given, changes: { models: models(config) } });
    const of = ({ rows }: typeof own) => rows.map((row) => [row['prompt_sha256'], row['text']]);
    expect(of(own)).toEqual(of(all));
  });

  it('has recorded responses of its own, and a line says that the judge does not read it', async () => {
    const said = records.map((record, index) => ({ ...record, output: `said ${index}`, exit: 2 }));
    const verdicts = said.map(({ instruction, input, output }) => {
      const pair = { instruction, input, response1: output, response2: 'bare' };
      return [pair, { ...pair, response1: 'bare', response2: output }].map((one) => ({ ...one, verdict: 1 }));
    });
    const changes = {
      models: { said: { answers: 'said.json' }, bare: { answers: { 2: 'bare.json' } } },
      comparisons: [{ a: 'said', b: 'bare' }],
      judge: { verdicts: 'verdicts.json' },
    };
    const path = write('system-recorded', { file: 'a.json', content, changes });
    const put = (file: string, value: unknown) =>
      writeFileSync(join(root, 'system-recorded', file), JSON.stringify(value));
    put('said.json', said);
    put('bare.json', ['bare', 'bare', 'bare']);
    put('verdicts.json', verdicts.flat());
    const { code, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(stderr).toContain('2 instructions have a system text: models read it, the judge does not.');
    const texts = withResults(join(root, 'system-recorded', 'out'), (store) =>
      store.all<{ text: string }>(`SELECT text FROM responses WHERE model = 'said' ORDER BY position`),
    );
    expect(texts.map(({ text }) => text)).toEqual(['said 0', 'said 1', 'said 2']);
  });

  it.each([
    [
      'Alpaca’s form',
      {},
      /models\.model\.prompt: expected a form with a system text.*instruction [0-9a-f]{16} has/,
    ],
    [
      'a template without {system}',
      { prompt: 'template.txt' },
      /template\.txt: expected a template with .*\{system\}/,
    ],
  ])('is refused in %s', async (_, prompt, message) => {
    const path = write('system-refused', { file: 'a.json', content, changes: { models: models(prompt) } });
    writeFileSync(join(root, 'system-refused', 'template.txt'), '{instruction}{input}');
    expect(refusalOf(await runMain(['generate', path]))).toMatch(message);
  });
});
