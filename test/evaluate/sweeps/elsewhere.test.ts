import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgePrompt } from '../../../src/judge/protocols/pandalm-prompt.ts';
import { refusalOf, runMain } from '../../cli/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeTies } from '../recorded-folder.ts';
import { dumpOf } from '../trio.ts';

const root = tempFolder();
const PUBLISHED = 'eval-data/published/sorted-llama-table4.csv';

/** A run whose answers are there and whose verdicts are still to come, in `answers.jsonl`. */
async function generated(name: string, changes: object = {}) {
  const written = writeTies(join(root, name), { judge: { verdicts: 'answers.jsonl' }, ...changes });
  const { code, stderr } = await runMain(['generate', written.path]);
  expect({ code }, stderr).toEqual({ code: 0 });
  return { ...written, answers: join(root, name, 'answers.jsonl') };
}

interface Line {
  readonly id: string;
  readonly prompt: string;
}

/** Prefers Blue wherever it stands. */
const verdictOn = (prompt: string) => (prompt.indexOf('\nBlue') < prompt.indexOf('\nRed') ? '1' : '2');

const lines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const parsed = <T>(text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

async function averages(output: string) {
  return dumpOf(output)['cell_score']!.filter(({ policy }) => policy === 'average');
}

describe('prompts', () => {
  it('are PandaLM’s of every pair in both orders, once each, and their answers come back by their ids', async () => {
    const { path, output, answers } = await generated('plain');
    const { stdout, stderr } = await runMain(['prompts', path]);
    expect(stderr).toBe('4 prompts for 4 verdicts.\n');
    const prompts = parsed<Line>(stdout);
    const question = { instruction: 'Name a colour: tie-then-2', input: '' };
    expect(prompts.map(({ prompt }) => prompt)).toContain(judgePrompt(question, 'Blue', 'Red'));
    writeFileSync(
      answers,
      lines(prompts.map(({ id, prompt }) => ({ id, text: `${verdictOn(prompt)}\n\n### Reason: x` }))),
    );
    const swept = await runMain(['sweep', path]);
    expect({ code: swept.code }, swept.stderr).toEqual({ code: 0 });
    expect(await averages(output)).toMatchObject([{ score: 1, wins: 2 }]);
  });

  it('are a batch file of OpenAI’s form, whose output is read: an error line is missing in the server’s words', async () => {
    const { path, answers } = await generated('batch');
    const out = join(root, 'batch', 'requests.jsonl');
    const args = ['prompts', path, '--format', 'batch', '--model', 'PandaLM-7B-v1'];
    expect((await runMain([...args, '--out', out])).code).toBe(0);
    const requests = parsed<{ custom_id: string; body: { prompt: string } }>(readFileSync(out, 'utf8'));
    expect(requests[0]).toMatchObject({
      custom_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      ...{ method: 'POST', url: '/v1/completions' },
      body: { model: 'PandaLM-7B-v1', max_tokens: 512, temperature: 0 },
    });
    const [first, ...rest] = requests;
    const done = rest.map(({ custom_id, body }) => ({
      ...{ id: 'batch_req_1', custom_id, error: null },
      response: { status_code: 200, request_id: 'r', body: { choices: [{ text: verdictOn(body.prompt) }] } },
    }));
    const body = { error: { message: 'too long\nfor us' } };
    const failed = {
      id: 'x',
      custom_id: first!.custom_id,
      response: { status_code: 400, body },
      error: null,
    };
    writeFileSync(answers, lines([failed, ...done]));
    const { code, stderr } = await runMain(['sweep', path]);
    expect(code).toBe(3);
    expect(stderr).toContain('1 of 4 missing (1 × the batch has no answer: HTTP 400: too long for us)');
  });

  it('as chat messages are answered by chat completions', async () => {
    const { path, output, answers } = await generated('chat');
    const args = ['prompts', path, '--format', 'batch', '--model', 'm', '--api', 'chat'];
    type Request = { custom_id: string; url: string; body: { messages: [{ content: string }] } };
    const requests = parsed<Request>((await runMain(args)).stdout);
    expect(requests[0]!.url).toBe('/v1/chat/completions');
    const answered = requests.map(({ custom_id, body }) => {
      const text = verdictOn(body.messages[0].content);
      const content = [
        { type: 'thinking', thinking: '2' },
        { type: 'text', text },
      ];
      return { custom_id, response: { status_code: 200, body: { choices: [{ message: { content } }] } } };
    });
    writeFileSync(answers, lines(answered));
    expect((await runMain(['sweep', path])).code).toBe(0);
    expect(await averages(output)).toMatchObject([{ score: 1 }]);
  });

  it('tell how many verdicts have none, and need a model’s name for a batch', async () => {
    const { folder, path } = await generated('partial');
    writeFileSync(
      join(folder, 'a.json'),
      JSON.stringify([{ instruction: 'Name a colour: 1-then-tie', output: 'Blue', exit: 1 }]),
    );
    await runMain(['generate', path]);
    const { code, stderr } = await runMain(['prompts', path]);
    expect(code).toBe(3);
    expect(stderr).toBe(
      '2 prompts for 4 verdicts; 2 have no prompt, since an answer is missing or is none.\n',
    );
    expect(refusalOf(await runMain(['prompts', path, '--format', 'batch']))).toContain('--model');
  });
});

describe('verdicts of other programs', () => {
  const QUESTIONS = ['Name a colour: tie-then-2', 'Name a colour: 1-then-tie'];

  it('of pandalm_inference.py, a file for each order, make a whole run', async () => {
    const item = (instruction: string, response1: string, response2: string) => ({
      ...{ instruction, input: '', response1, response2, cmp_key: 'a_b' },
    });
    const [blue, red] = [
      ['Blue', 'Red'],
      ['Red', 'Blue'],
    ] as const;
    const output1 = QUESTIONS.map((question) => [
      item(question, ...blue),
      '1\n\n### Reason: x\n\n### Reference: y',
    ]);
    const output2 = QUESTIONS.map((question) => [item(question, ...red), 'garbage']);
    const { path, output } = writeTies(join(root, 'pandalm'), {
      judge: { verdicts: ['ab.json', 'ba.json'] },
      limits: { malformedShare: 1 },
    });
    writeFileSync(join(root, 'pandalm', 'ab.json'), JSON.stringify(output1));
    writeFileSync(join(root, 'pandalm', 'ba.json'), JSON.stringify(output2));
    const { code, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(await averages(output)).toMatchObject([{ wins: 1, malformed: 1, total: 2 }]);
  });

  it('of alpaca_eval are read by its rule of wins and draws; what no annotator gave is malformed', async () => {
    const annotation = (
      instruction: string,
      outputs: readonly [string, string],
      preference: number | null,
    ) => ({
      ...{ instruction, output_1: outputs[0], output_2: outputs[1], generator_1: 'a', generator_2: 'b' },
      ...{ annotator: 'gpt4', preference, dataset: 'koala', raw_completion: '{}' },
    });
    const [blue, red] = [
      ['Blue', 'Red'],
      ['Red', 'Blue'],
    ] as const;
    const annotations = [
      annotation(QUESTIONS[0]!, blue, 1.04),
      annotation(QUESTIONS[0]!, red, 1.5),
      annotation(QUESTIONS[1]!, blue, 0),
      annotation(QUESTIONS[1]!, red, null),
    ];
    const { path, output } = writeTies(join(root, 'alpaca'), {
      judge: { verdicts: 'annotations.json' },
      limits: { malformedShare: 1 },
    });
    writeFileSync(join(root, 'alpaca', 'annotations.json'), JSON.stringify(annotations));
    const { code, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(await averages(output)).toMatchObject([{ wins: 0.5, losses: 0, ties: 1, malformed: 0.5 }]);
    const { stdout } = await runMain([
      'query',
      'verdicts',
      '--db',
      join(output, 'results.db'),
      '--format',
      'json',
    ]);
    expect(stdout).toContain("alpaca_eval's preference 1.04 by gpt4");
  });
});

describe('a recorded model with its facts', () => {
  it('has a place in the paper: kind, layers and parameters are the sweep file’s', async () => {
    const parameters = { body: 1000, embedding: 100 };
    const models = {
      a: { answers: 'a.json', kind: 'soft', layers: 1, parameters },
      b: { answers: 'b.json', kind: 'sft', layers: 1 },
    };
    const { path, output } = writeTies(join(root, 'facts'), { models });
    expect((await runMain(['sweep', path])).code).toBe(0);
    const db = join(output, 'results.db');
    const query = await runMain(['query', 'models', '--db', db, '--format', 'json']);
    expect(JSON.parse(query.stdout)).toMatchObject([
      { model: 'a', kind: 'soft', layers: 1, body_parameters: 1000, head_parameters: 0 },
      { model: 'b', kind: 'sft', layers: 1, body_parameters: null },
    ]);
    const compared = await runMain(['compare', PUBLISHED, '--db', db, '--out', root]);
    expect(compared.stdout).toContain('published baseline SFT');
    expect(compared.stdout).toContain('Matched: 1 cells');
  });

  it('cannot have fewer layers than its last exit', async () => {
    const models = { a: { answers: { 4: 'a.json' }, layers: 2 }, b: { answers: 'b.json' } };
    const { path, folder } = writeTies(join(root, 'few'), { models });
    writeFileSync(join(folder, 'a.json'), JSON.stringify(['Blue', 'Blue']));
    const refusal = refusalOf(await runMain(['sweep', path]));
    expect(refusal).toContain(
      'models.a.layers: expected at least 4 layers, of which its last exit is made, found 2',
    );
  });
});
