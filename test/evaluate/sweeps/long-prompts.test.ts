import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { refusalOf, runMain } from '../../cli/run.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeRecordedFolder } from '../recorded-folder.ts';
import { withResults, withSweep, writeSweep } from '../trio.ts';

const folder = tempFolder();
const CONTEXT = 256;
const NEW_TOKENS = 5;
const LONG_INPUT = 'word '.repeat(CONTEXT);
const INSTRUCTIONS = [
  { instruction: 'What is 8 + 2?', input: '', output: '10' },
  { instruction: 'Summarize the text.', input: LONG_INPUT, output: 'words' },
  { instruction: `Repeat: ${LONG_INPUT}`, input: '', output: 'words' },
];

beforeAll(() => {
  const shape = { layers: 2, exits: [1, 2] };
  writeRandomCheckpoint(join(folder, 'soft'), { ...shape, kind: 'soft', contextLength: CONTEXT, seed: 1 });
  writeRandomCheckpoint(join(folder, 'sft'), { ...shape, kind: 'sft', contextLength: CONTEXT, seed: 2 });
  writeRandomCheckpoint(join(folder, 'judge'), { layers: 1, contextLength: 900, seed: 3 });
  writeFileSync(join(folder, 'instructions.json'), JSON.stringify(INSTRUCTIONS));
});

function write(name: string, generation: object): { path: string; output: string } {
  mkdirSync(join(folder, name), { recursive: true });
  const changes = {
    name,
    models: { soft: { path: 'soft' }, sft: { path: 'sft' } },
    comparisons: [{ a: 'soft', b: 'sft' }],
    generation: { maxNewTokens: NEW_TOKENS, batchSize: 8, ...generation },
    limits: { malformedShare: 1 },
    malformed: 'tie',
    output: name,
  };
  return { path: writeSweep(folder, changes, `${name}.yaml`), output: join(folder, name) };
}

const SELECT = `SELECT i.instruction, g.state, g.text, g.prompt_tokens, g.generated_tokens,
  g.decoding_json ->> '$.cutCharacters' AS cut
  FROM answer a JOIN generation g USING (response_key) JOIN instruction i USING (instruction_id)
  JOIN run_instruction r USING (run, instruction_id) WHERE a.model = 'soft' AND a.exit = 1 ORDER BY r.position`;

async function sweep(name: string, generation: object = {}) {
  const { path, output } = write(name, generation);
  const { code, stdout, stderr } = await runMain(['sweep', path]);
  expect(code, stderr).toBe(0);
  return withResults(output, (store) => ({
    ...{ path, output, stdout },
    rows: store.all<Record<string, unknown>>(SELECT),
    totals: store.all<{ total: number }>('SELECT total FROM scores').map(({ total }) => total),
    measured: store.all<{ count: number }>('SELECT count(*) AS count FROM likelihood')[0]!.count,
    curves: store.all<{ count: number }>('SELECT count(DISTINCT instruction_id) AS count FROM kl_curve')[0]!
      .count,
  }));
}

describe('a prompt that does not fit the context of a model', () => {
  it('is a state of its own by default: counted, not judged, not measured, neither right nor wrong', async () => {
    const { rows, totals, stdout, curves, measured, output } = await sweep('skip');
    const tooLong = { state: 'prompt_too_long', text: null, generated_tokens: 0 };
    expect(rows).toMatchObject([
      { state: 'answered', generated_tokens: expect.any(Number) },
      tooLong,
      tooLong,
    ]);
    for (const row of rows.slice(1)) expect(row['prompt_tokens']).toBeGreaterThanOrEqual(CONTEXT);
    expect(totals).toEqual([1, 1, 1, 1]);
    expect(stdout).toMatch(/^Not answered: prompt too long {6}1 {6}2\n(soft|sft) +2 +2\n/m);
    expect(stdout).toContain('Pairs behind a score: 1 of 3; T counts these alone.');
    expect(stdout).toMatch(/soft@1, of 3: 2 prompt\s+too\s+long/);
    expect(curves).toBe(1);
    expect(measured).toBe(4);
    withResults(output, (store) => {
      expect(store.all('SELECT DISTINCT total FROM quality')).toEqual([{ total: 1 }]);
      expect(store.all('SELECT DISTINCT answers, empty FROM degenerate_answers')).toEqual([
        { answers: 1, empty: expect.any(Number) },
      ]);
    });
  });

  it('ends a sweep with `fail` before anything is computed', async () => {
    const { path, output } = write('fail', { onLongPrompt: 'fail' });
    const line = refusalOf(await runMain(['sweep', path]));
    expect(line).toMatch(
      /generation\.onLongPrompt: expected prompts of fewer than 256 tokens, the context of soft/,
    );
    expect(line).toMatch(/2 of 3 that are longer, the first of instruction [0-9a-f]{16} \(\d+ tokens\)/);
    expect(() => withResults(output, () => {})).toThrow('nothing');
  });

  it('loses the end of its input with `cut`, so that a whole answer fits, and says so', async () => {
    const { rows, stdout, totals, path, curves } = await sweep('cut', { onLongPrompt: 'cut' });
    const [short, cut, whole] = rows;
    expect(short).toMatchObject({ state: 'answered', cut: null });
    expect(cut).toMatchObject({ state: 'answered', cut: expect.any(Number) });
    expect(whole).toMatchObject({ state: 'prompt_too_long', cut: null });
    const kept = LONG_INPUT.slice(0, LONG_INPUT.length - Number(cut!['cut']));
    const tokenizer = openTokenizer(join(folder, 'cut', 'models', 'soft'));
    const tokensOf = (input: string) =>
      tokenizer.encode(alpacaPrompt({ instruction: 'Summarize the text.', input })).length;
    expect(tokensOf(kept)).toBe(cut!['prompt_tokens']);
    expect(tokensOf(kept)).toBeLessThanOrEqual(CONTEXT - NEW_TOKENS);
    expect(tokensOf(LONG_INPUT.slice(0, kept.length + 1))).toBeGreaterThan(CONTEXT - NEW_TOKENS);
    expect(totals).toEqual([2, 2, 2, 2]);
    expect(curves).toBe(2);
    expect(stdout).toMatch(/prompts cut to fit a model: sft@1, of 3: 1; /);
    await withSweep(path, ({ store, run }) => {
      const states = store.all('SELECT DISTINCT cut_prompts FROM answer_states WHERE run = @run', { run });
      expect(states).toEqual([{ cut_prompts: 1 }]);
    });
  });

  it('with `cut` needs room for an answer', async () => {
    const { path } = write('room', { onLongPrompt: 'cut', maxNewTokens: CONTEXT });
    expect(refusalOf(await runMain(['sweep', path]))).toMatch(
      /maxNewTokens: expected fewer than 256, the context of soft/,
    );
  });
});

describe('a prompt that a judge in this process has no room for', () => {
  it('has a verdict without a text, in a state of its own', async () => {
    const asked = [{ instruction: `Repeat: ${'word '.repeat(900)}` }, { instruction: 'Hi.' }];
    const answers = (output: string) => asked.map((record) => ({ ...record, output, exit: 1 }));
    const { path, output } = writeRecordedFolder(
      join(folder, 'long-judged'),
      { 'set.json': asked, 'a.json': answers('a'), 'b.json': answers('b') },
      {
        instructions: 'set.json',
        models: { a: { answers: 'a.json' }, b: { answers: 'b.json' } },
        comparisons: [{ a: 'a', b: 'b' }],
        judge: { path: '../judge', decoding: 'verdict-only', maxNewTokens: 8 },
        limits: { malformedShare: 1 },
      },
    );
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect(code, stderr).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'verdicts without a text of the judge: a against b, of 4: 2 prompt too long',
    );
    const rows = withResults(output, (store) =>
      store.all("SELECT DISTINCT state, raw_text, slot_verdict FROM judgement WHERE state <> 'answered'"),
    );
    expect(rows).toEqual([{ state: 'prompt_too_long', raw_text: null, slot_verdict: 'malformed' }]);
  });
});
