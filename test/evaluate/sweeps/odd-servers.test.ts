import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openReadOnlyStore, type Store } from '../../../src/store/database.ts';
import { runMain } from '../../cli/run.ts';
import { buildPage } from '../../page/built.ts';
import { ODD_ANSWERS, type OddAnswer } from '../../support/odd-answers.ts';
import { completion, openServer, type Received } from '../../support/open-server.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type RecordedFolder, writeRecordedFolder } from '../recorded-folder.ts';
import { withResults } from '../trio.ts';

const root = tempFolder();
const INSTRUCTION = { instruction: 'Name a color.', input: '', output: 'Blue.' };
const modeOf = (name: string) => ODD_ANSWERS.find((odd) => odd.name === name);
const OF_API = { completions: modesOf('completions'), chat: modesOf('chat') };

function modesOf(api: OddAnswer['api']): readonly OddAnswer[] {
  return ODD_ANSWERS.filter((odd) => odd.api === api);
}

/** Each served model is a way to answer; the judge prefers slot 1. */
function speak({ body }: Received) {
  const messages = body['messages'] as [{ content: string }] | undefined;
  const prompt = messages?.[0].content ?? String(body['prompt']);
  return modeOf(body.model)?.answer(prompt) ?? completion('1\n\n### Reason: it is first');
}

const server: { baseUrl: string } = { baseUrl: '' };

beforeAll(async () => {
  await buildPage();
  const { baseUrl, close } = await openServer(speak);
  server.baseUrl = baseUrl;
  return close;
});

const endpoint = (api: OddAnswer['api'], more: object = {}) => ({
  ...{ baseUrl: server.baseUrl, api, maxTries: 3, backoffSeconds: 0.01 },
  ...more,
});

/** A model whose exits are the ways to answer, beside a recorded one. */
function writeOddModels(name: string, api: OddAnswer['api'], generation: object = {}): RecordedFolder {
  const exits = Object.fromEntries(OF_API[api].map((odd, index) => [index + 1, odd.name]));
  return writeRecordedFolder(
    join(root, name),
    { 'instructions.json': [INSTRUCTION], 'red.json': ['Red.'] },
    {
      models: { odd: { endpoint: endpoint(api), exits }, red: { answers: { 1: 'red.json' } } },
      comparisons: [{ a: 'odd', b: 'red' }],
      judge: { endpoint: endpoint('completions'), model: 'judge' },
      generation: { maxNewTokens: 8, ...generation },
    },
  );
}

const rowOf = (store: Store, exit: number) =>
  store.get<Record<string, unknown>>(
    `SELECT g.* FROM answer a JOIN generation g USING (response_key) WHERE a.model = 'odd' AND a.exit = @exit`,
    { exit },
  );

describe.each(['completions', 'chat'] as const)('models that answer oddly through %s', (api) => {
  const modes = OF_API[api];
  const isMissing = ({ becomes }: OddAnswer) => typeof becomes === 'string';
  const isAnswer = ({ becomes }: OddAnswer) => typeof becomes === 'object' && becomes['state'] === 'answered';
  let written: RecordedFolder;
  let stdout = '';

  beforeAll(async () => {
    written = writeOddModels(api, api);
    const swept = await runMain(['sweep', written.path]);
    stdout = swept.stdout;
    expect(swept.code, swept.stderr).toBe(modes.some(isMissing) ? 3 : 0);
  });

  it.each(modes.map((odd, index) => [odd.name, odd, index + 1] as const))('%s', (_name, odd, exit) => {
    const row = withResults(written.output, (store) => rowOf(store, exit));
    if (typeof odd.becomes === 'string') expect(row).toBeUndefined();
    else expect(row).toMatchObject({ ...odd.becomes, token_ids: null });
  });

  it('are judged and right or wrong where they answered, and not otherwise', () => {
    withResults(written.output, (store) => {
      const exitsOf = (sql: string) => store.all<{ exit: number }>(sql).map(({ exit }) => exit);
      const answering = modes.flatMap((odd, index) => (isAnswer(odd) ? [index + 1] : []));
      expect(exitsOf('SELECT DISTINCT exit_a AS exit FROM verdicts ORDER BY exit')).toEqual(answering);
      expect(exitsOf('SELECT exit_a AS exit FROM scores WHERE total = 1 ORDER BY exit')).toEqual(answering);
      expect(exitsOf("SELECT exit FROM quality WHERE model = 'odd' ORDER BY exit")).toEqual(answering);
      const without = modes.flatMap((odd, index) => (isAnswer(odd) || isMissing(odd) ? [] : [index + 1]));
      expect(exitsOf('SELECT exit FROM unanswered ORDER BY exit')).toEqual(without);
    });
  });

  it('are counted by exit in tables, checks, page and figures', async () => {
    const without = modes.findIndex((odd) => !isAnswer(odd) && !isMissing(odd)) + 1;
    expect(stdout).toMatch(/^Not answered: /m);
    expect(stdout).toContain('responses that are no answer, not judged: odd@');
    const { stdout: states } = await runMain([
      'query',
      'answer_states',
      '--db',
      dbOf(written),
      '--format',
      'json',
    ]);
    const rows = JSON.parse(states) as Record<string, unknown>[];
    expect(rows.find(({ model, exit }) => model === 'odd' && exit === without)).toMatchObject({
      answered: 0,
    });
    const id = withResults(written.output, (store) => store.all<{ id: string }>(IDS)[0]!.id);
    const pair = ['--instruction', id, '--a', `odd@${without}`, '--b', 'red@1'];
    const shown = await runMain(['query', 'pair', ...pair, '--db', dbOf(written)]);
    const text = shown.stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(/No answer, (no_content|refused|cut_in_reasoning|prompt_too_long); /);
    expect(text).toMatch(
      /Answer b: red@1 \(wrong, looks ordinary, number of tokens not known, end not known\)/,
    );
    const figures = await runMain(['figures', written.path]);
    expect(figures.code, figures.stderr).toBe(0);
    const exported = await runMain(['export', join(written.folder, 'page.html'), '--db', dbOf(written)]);
    expect(exported.code, exported.stderr).toBe(0);
    expect(readFileSync(join(written.folder, 'page.html'), 'utf8').length).toBeGreaterThan(100_000);
  });
});

const IDS = 'SELECT instruction_id AS id FROM run_instruction';
const dbOf = ({ output }: RecordedFolder) => join(output, 'results.db');

it('thoughts and a repeated prompt are taken out where the sweep file says so, and what came stays', async () => {
  const texts = async (name: string, api: OddAnswer['api'], mode: string, strip: readonly string[]) => {
    const { path, output } = writeOddModels(name, api, { strip });
    await runMain(['sweep', path]);
    const exit = OF_API[api].findIndex((odd) => odd.name === mode) + 1;
    return withResults(output, (store) => {
      const checks = store.all<{ detail: string }>('SELECT detail FROM checks').map(({ detail }) => detail);
      return { ...rowOf(store, exit), checks: checks.join(' | ') };
    });
  };
  const thought = await texts('stripped', 'chat', 'think', ['thoughts']);
  expect(thought).toMatchObject({ text: 'Blue.', raw_text: expect.stringMatching(/^<think>.*Blue\.$/s) });
  expect(thought.checks).toMatch(/odd@\d+, of 1: 1, taken out/);
  expect(JSON.parse(String((thought as Record<string, unknown>)['decoding_json']))).toMatchObject({
    strip: ['thoughts'],
  });
  const echoed = await texts('unechoed', 'completions', 'echo', ['echo']);
  expect(echoed).toMatchObject({ text: ' Blue.', raw_text: expect.stringMatching(/^Below is .* Blue\.$/s) });
  const left = await texts('left', 'completions', 'echo', []);
  expect(left).toMatchObject({ text: expect.stringMatching(/^Below is .* Blue\.$/s), raw_text: null });
  expect(left.checks).toMatch(/odd@\d+, of 1: 1, kept as it came/);
});

it('a prompt that is too long for a server ends the sweep where the sweep file has `fail`', async () => {
  const { path, output } = writeRecordedFolder(
    join(root, 'fail'),
    { 'instructions.json': [INSTRUCTION] },
    {
      models: { odd: { endpoint: endpoint('completions'), exits: { 1: 'context-vllm' } } },
      comparisons: undefined,
      judge: undefined,
      generation: { onLongPrompt: 'fail' },
    },
  );
  const ended = await runMain(['sweep', path]);
  expect(ended.code, ended.stderr).toBe(2);
  expect(ended.stderr).toMatch(
    /odd@1, instruction [0-9a-f]{16}: expected a prompt that fits, .* found HTTP 400: This model's maximum context length/,
  );
  expect(withResults(output, (store) => store.all('SELECT * FROM generation'))).toEqual([]);
});

describe('judges that answer oddly', () => {
  it.each(ODD_ANSWERS.map((odd) => [odd.name, odd] as const))('%s', async (name, odd) => {
    const { path, output } = writeRecordedFolder(
      join(root, `judge-${name}`),
      { 'instructions.json': [INSTRUCTION], 'red.json': ['Red.'], 'blue.json': ['Blue.'] },
      {
        models: { red: { answers: { 1: 'red.json' } }, blue: { answers: { 1: 'blue.json' } } },
        comparisons: [{ a: 'red', b: 'blue' }],
        judge: { endpoint: endpoint(odd.api), model: name },
        limits: { malformedShare: 1 },
      },
    );
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    const store = openReadOnlyStore(join(output, 'results.db'));
    const rows = store.all<Record<string, unknown>>('SELECT * FROM judgement');
    store.close();
    const { becomes } = odd;
    if (typeof becomes === 'string' || becomes['state'] === 'prompt_too_long') {
      expect({ code, rows }).toEqual({ code: 3, rows: [] });
      expect(stderr).toContain(
        typeof becomes === 'string' ? becomes : String(becomes['raw_text']).slice(0, 60),
      );
      return;
    }
    const { text, raw_text, ...facts } = becomes;
    expect(code, stderr).toBe(0);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ ...facts, slot_verdict: 'malformed', parsed_text: null });
    if (becomes['state'] !== 'answered') {
      expect(rows[0]).toMatchObject({ raw_text });
      expect(stdout).toMatch(/verdicts without a text of the judge: red against blue, of\s+2: 2/);
    }
  });
});

it('a judge that thinks gives a verdict where its thoughts are taken out', async () => {
  const { baseUrl, close } = await openServer(() =>
    completion('<think>\n2\n</think>\n\n1\n\n### Reason: first'),
  );
  const judged = async (name: string, strip: readonly string[]) => {
    const { path, output } = writeRecordedFolder(
      join(root, name),
      { 'instructions.json': [INSTRUCTION], 'red.json': ['Red.'], 'blue.json': ['Blue.'] },
      {
        models: { red: { answers: { 1: 'red.json' } }, blue: { answers: { 1: 'blue.json' } } },
        comparisons: [{ a: 'red', b: 'blue' }],
        judge: { endpoint: { baseUrl, maxTries: 3, backoffSeconds: 0.01 }, model: 'thinker', strip },
        limits: { malformedShare: 1 },
      },
    );
    const { code, stdout } = await runMain(['sweep', path]);
    expect(code).toBe(0);
    await runMain(['judge', path, '--reparse']);
    const verdicts = withResults(output, (store) =>
      store.all<Record<string, unknown>>('SELECT * FROM judgement'),
    );
    return { stdout, verdict: verdicts[0]! };
  };
  const left = await judged('thinking', []);
  expect(left.verdict).toMatchObject({
    slot_verdict: 'malformed',
    parsed_text: null,
    thought_characters: 18,
  });
  expect(left.stdout).toMatch(
    /thoughts in texts of the judge: red against blue, of 2: 2,\s+kept\s+as\s+it\s+came/,
  );
  const taken = await judged('thoughtless', ['thoughts']);
  expect(taken.verdict).toMatchObject({ slot_verdict: '1', raw_text: expect.stringContaining('<think>') });
  expect(taken.stdout).toContain('deviation: thoughts before the verdict are taken out');
  close();
});
