import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { POLICIES } from '../../../src/core/domain.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { readModels } from '../../../src/store/tables/model-table.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { timedSettings } from '../../../src/store/tables/speed-table.ts';
import { filesBelow, refusalOf, runMain } from '../../cli/run.ts';
import { completion, type FaultyServer, type Received, startServer } from '../../support/faulty-server.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { dumpOf, withResults, writeInstructions, writeSweep, writeTrio } from '../trio.ts';

const root = tempFolder();
const KEY = 'sk-never-to-be-seen';
const COUNT = 30;

afterEach(() => vi.unstubAllEnvs());

/** Answers by model and prompt, verdicts by prompt: the same to the same question. */
function speak({ body }: Received) {
  const hash = createHash('sha256').update(String(body['prompt'])).digest();
  if (body.model !== 'judge') return completion(`${body.model} says ${hash[0]}`);
  return completion(`${['1', '2', 'Tie'][hash[0]! % 3]}\n\n### Reason: ${hash[1]}`);
}

interface Settings {
  readonly maxTries?: number;
  readonly timeoutSeconds?: number;
  readonly changes?: object;
}

/** A folder with a sweep of two models and a judge behind one server, 120 answers and 240 verdicts or fewer. */
function writeServed(
  name: string,
  { baseUrl }: FaultyServer,
  { maxTries = 12, timeoutSeconds = 60, changes = {} }: Settings = {},
) {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeInstructions(folder, COUNT);
  const endpoint = {
    baseUrl,
    apiKeyEnv: 'TEST_API_KEY',
    concurrency: 24,
    timeoutSeconds,
    maxTries,
    backoffSeconds: 0.01,
  };
  const path = writeSweep(folder, {
    name: 'served',
    models: {
      soft: { endpoint, exits: { 2: 'soft-2', 4: 'soft-4' } },
      sft: {
        endpoint,
        exits: { 2: 'sft-2', 4: { model: 'sft-4', baseUrl: baseUrl.replace('127.0.0.1', 'localhost') } },
      },
    },
    comparisons: [{ a: 'soft', b: 'sft' }],
    judge: { endpoint, model: 'judge' },
    kl: undefined,
    ...changes,
  });
  vi.stubEnv('TEST_API_KEY', KEY);
  return { folder, path, output: join(folder, 'out') };
}

describe('a sweep over servers', () => {
  it('asks each exit’s model, judges, scores, and sends nothing when it is given again', async () => {
    const server = await startServer(speak);
    const { path, output } = writeServed('whole', server);
    const { code, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    const dump = dumpOf(output);
    expect(dump['answer']).toHaveLength(2 * 2 * COUNT);
    expect(dump['judged_pair']).toHaveLength(4 * 2 * COUNT);
    expect(dump['cell_score']).toHaveLength(4 * POLICIES.length);
    expect(withResults(output, (store) => timedSettings(store, 'served'))).toEqual(new Set());
    const models = new Set(server.received.map(({ body }) => body.model));
    expect(models).toEqual(new Set(['soft-2', 'soft-4', 'sft-2', 'sft-4', 'judge']));
    const asked = server.received.length;
    const again = await runMain(['sweep', path]);
    expect(again.code).toBe(0);
    expect(server.received).toHaveLength(asked);
    expect(dumpOf(output)).toEqual(dump);
  });

  it('of which 30 % of the requests fail ends like one of which none does', async () => {
    const server = await startServer(speak);
    const plain = writeServed('plain', server);
    await runMain(['sweep', plain.path]);
    const asked = server.received.length;
    server.setFaults(0.3);
    const faulty = writeServed('faulty', server, { timeoutSeconds: 1 });
    const { code, stderr } = await runMain(['sweep', faulty.path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(dumpOf(faulty.output)).toEqual(dumpOf(plain.output));
    expect(server.received.length).toBeGreaterThan(1.3 * asked + asked);
  });

  it('that fail too often says what is missing with exit code 3, and the same command asks for just that', async () => {
    const server = await startServer(speak);
    const plain = writeServed('plain-2', server);
    await runMain(['sweep', plain.path]);
    server.setFaults(0.3);
    const { path, output } = writeServed('given-up', server, { maxTries: 1, timeoutSeconds: 1 });
    const first = await runMain(['sweep', path]);
    const answers = dumpOf(output)['answer']!.length;
    expect(first.code).toBe(3);
    expect(answers).toBeGreaterThan(40);
    expect(answers).toBeLessThan(4 * COUNT);
    expect(first.stderr).toMatch(/^soft: answers: \d+ of 60 missing \(\d+ × /m);
    expect(first.stderr).toMatch(/^judge: pairs to judge: \d+ of 240 missing/m);
    expect(first.stderr).toMatch(
      /\nMissing: soft: answers .* the same command tries only the missing ones\.\n$/,
    );
    expect(first.stdout).toMatch(/FAILED +every instruction is answered: soft@2 lacks \d+ of 30/);
    expect(first.stdout).toMatch(
      /FAILED +soft against sft: every pair is judged:[^:]*4 of 4 cells are not scored/,
    );
    server.setFaults(0);
    const asked = server.received.length;
    // Another way to the same server is the same run.
    writeServed('given-up', server);
    const second = await runMain(['sweep', path]);
    expect({ code: second.code }, second.stderr).toEqual({ code: 0 });
    const asksForAnswers = server.received.slice(asked).filter(({ body }) => body.model !== 'judge');
    expect(asksForAnswers).toHaveLength(4 * COUNT - answers);
    expect(dumpOf(output)).toEqual(dumpOf(plain.output));
  });

  it('never shows or stores the key', async () => {
    const server = await startServer((request) =>
      request.body.model === 'judge'
        ? { status: 400, body: { error: `who is ${request.headers.authorization}?` } }
        : speak(request),
    );
    const { path, folder } = writeServed('secret', server);
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect(code).toBe(3);
    expect(stderr).toContain('× HTTP 400: who is Bearer [API key]?');
    expect(server.received[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(stdout + stderr).not.toContain(KEY);
    for (const path of filesBelow(folder).keys()) expect(readFileSync(path).includes(KEY), path).toBe(false);
  });

  it('needs its key to ask, and not where nothing is left to ask', async () => {
    const server = await startServer(speak);
    const { path } = writeServed('no-key', server);
    vi.stubEnv('TEST_API_KEY', '');
    const { code, stderr } = await runMain(['generate', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('environment variable TEST_API_KEY: expected an API key, found nothing');
    vi.stubEnv('TEST_API_KEY', KEY);
    await runMain(['sweep', path]);
    vi.stubEnv('TEST_API_KEY', '');
    for (const command of ['score', 'report', 'figures', 'sweep']) {
      expect((await runMain([command, path])).code).toBe(0);
    }
  });
});

describe('a key that is missing', () => {
  const OWN = { path: 'sft' };

  /** A model of this process, and servers whose keys stand in variables of their own. */
  function writeMixed(name: string, { baseUrl }: FaultyServer) {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    writeInstructions(folder, 2);
    writeRandomCheckpoint(join(folder, 'sft'), { layers: 2, contextLength: 640, exits: [1, 2] });
    const served = { endpoint: { baseUrl, apiKeyEnv: 'MODEL_KEY' }, exits: { 2: 'two' } };
    const path = writeSweep(folder, {
      models: { sft: OWN, served },
      comparisons: [{ a: 'sft', b: 'served' }],
      judge: { endpoint: { baseUrl, apiKeyEnv: 'JUDGE_KEY' }, model: 'judge' },
      kl: undefined,
    });
    return { path, output: join(folder, 'out') };
  }

  it.each(['MODEL_KEY', 'JUDGE_KEY'])('%s is told before anything is computed', async (missing) => {
    const server = await startServer(speak);
    const { path, output } = writeMixed(missing, server);
    for (const variable of ['MODEL_KEY', 'JUDGE_KEY']) vi.stubEnv(variable, variable === missing ? '' : KEY);
    expect(refusalOf(await runMain(['sweep', path]))).toContain(
      `environment variable ${missing}: expected an API key, found nothing`,
    );
    expect(server.received).toEqual([]);
    expect(dumpOf(output)['generation']).toEqual([]);
  });

  it('of the judge does not keep answers from being generated alone', async () => {
    const server = await startServer(speak);
    const { path, output } = writeMixed('generated', server);
    vi.stubEnv('MODEL_KEY', KEY);
    expect((await runMain(['generate', path])).code).toBe(0);
    expect(dumpOf(output)['answer']).toHaveLength(6);
    const { code, stderr } = await runMain(['sweep', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('environment variable JUDGE_KEY: expected an API key, found nothing');
  });
});

describe('models of this process beside servers', () => {
  it('answer and are measured while servers answer and judge', async () => {
    const folder = join(root, 'beside');
    mkdirSync(folder);
    writeTrio(folder);
    const output = join(folder, 'out');
    const stored = (table: string) =>
      vi.waitUntil(() => dumpOf(output)[table]!.length > 0, { timeout: 40_000, interval: 50 });
    const server = await startServer(async (request) => {
      await stored(request.body.model === 'judge' ? 'kl' : 'answer');
      return speak(request);
    });
    const endpoint = { baseUrl: server.baseUrl };
    const path = writeSweep(folder, {
      models: { served: { endpoint, exits: { 4: 'soft-4' } }, sft: { path: 'sft' }, soft: { path: 'soft' } },
      comparisons: [{ a: 'soft', b: 'served' }],
      judge: { endpoint, model: 'judge' },
    });
    const { code, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(dumpOf(output)['judged_pair']).toHaveLength(3 * 2 * 6);
  });
});

describe('a server with a short context', () => {
  it('gets prompts cut to a number of characters; with another number it is asked about the cut ones again', async () => {
    const server = await startServer((request) =>
      request.body.model === 'soft-4' ? completion('long '.repeat(200)) : speak(request),
    );
    const judged = async (maxPromptCharacters?: number) => {
      const judge = { endpoint: { baseUrl: server.baseUrl }, model: 'judge', maxPromptCharacters };
      const { path, output } = writeServed('short', server, { changes: { limit: 3, judge } });
      const asked = server.received.length;
      const { stdout } = await runMain(['sweep', path]);
      const prompts = server.received.slice(asked).filter(({ body }) => body.model === 'judge');
      const lengths = prompts.map(({ body }) => String(body['prompt']).length);
      return { stdout, lengths, pairs: dumpOf(output)['judged_pair'] };
    };
    const cut = await judged(700);
    expect(cut.stdout).toMatch(/12 of 24 verdicts are on responses cut to\s+fit/);
    expect(Math.max(...cut.lengths)).toBe(700);
    const whole = await judged();
    expect(whole.stdout).not.toMatch(/cut to\s+fit/);
    expect(whole.lengths).toHaveLength(cut.lengths.filter((length) => length === 700).length);
    expect(Math.min(...whole.lengths)).toBeGreaterThan(700);
    expect(whole.pairs).toHaveLength(24);
  });
});

describe('recorded answers and verdicts', () => {
  function writeRecorded(name: string, leaveOut = 0) {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    writeInstructions(folder, 4);
    const instructions = readInstructions(join(folder, 'instructions.json'));
    const say = (exit: number) =>
      instructions.map(({ instruction, input }) => ({
        instruction,
        input,
        output: `${exit}: ${instruction}`,
        exit,
      }));
    const pairs = instructions.flatMap(({ instruction, input }) =>
      [
        ['2', 'b'],
        ['4', 'b'],
        ['b', '2'],
        ['b', '4'],
      ].map(([first, second]) => ({
        instruction,
        input,
        response1: first === 'b' ? 'bare' : `${first}: ${instruction}`,
        response2: second === 'b' ? 'bare' : `${second}: ${instruction}`,
        verdict: first === 'b' ? 2 : 1,
      })),
    );
    const write = (file: string, content: unknown) =>
      writeFileSync(join(folder, file), JSON.stringify(content));
    write('said.json', [...say(2), ...say(4)].slice(leaveOut));
    write(
      'bare.json',
      instructions.map(() => 'bare'),
    );
    write('verdicts.json', pairs);
    const path = writeSweep(folder, {
      models: { said: { answers: 'said.json' }, bare: { answers: { 8: 'bare.json' } } },
      comparisons: [{ a: 'said', b: 'bare' }],
      judge: { verdicts: 'verdicts.json' },
      kl: undefined,
    });
    return { path, output: join(folder, 'out') };
  }

  it('make a whole run without a model', async () => {
    const { path, output } = writeRecorded('recorded');
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(stdout).toContain('verdicts.json');
    const scores = dumpOf(output)['cell_score']!.filter(({ policy }) => policy === 'average');
    expect(scores.map(({ exit_a, exit_b, score }) => [exit_a, exit_b, score])).toEqual([
      [2, 8, 1],
      [4, 8, 1],
    ]);
    withResults(output, (store) => {
      expect(readModels(store, 'trio')).toMatchObject([
        { model: 'said', layers: 4 },
        { model: 'bare', layers: 8 },
      ]);
      expect([...readResponses(store, 'trio', { model: 'bare', exit: 8 }).values()][0]!.text).toBe('bare');
    });
  });

  it('that are not all there score the cells that are whole, with exit code 3', async () => {
    const { path, output } = writeRecorded('partial', 1);
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect(code).toBe(3);
    expect(stderr).toContain(
      'said: answers: 1 of 8 missing (1 × the file has no answer to this instruction)',
    );
    expect(stdout).toMatch(/1 of 8 pairs have no verdict;\s+1 of 2 cells are not scored/);
    expect(dumpOf(output)['cell_score']).toHaveLength(POLICIES.length);
    expect(dumpOf(output)['run']![0]).toMatchObject({ run: 'trio' });
  });

  it('have no distributions: a KL curve of them is refused before anything is done', async () => {
    const { path } = writeRecorded('curve');
    const text = readFileSync(path, 'utf8').replace(
      'speed:',
      'kl: { curves: [{ model: said, reference: said }] }\nspeed:',
    );
    writeFileSync(path, text);
    expect(refusalOf(await runMain(['sweep', path]))).toMatch(
      /kl\.curves\.0\.model: .*which only gives texts/,
    );
  });
});

describe('a model of this process beside recorded answers', () => {
  it('is timed alone, and compared with the others', async () => {
    const folder = join(root, 'mixed');
    mkdirSync(folder);
    writeInstructions(folder, 3);
    writeRandomCheckpoint(join(folder, 'sft'), { layers: 2, contextLength: 640, exits: [1, 2] });
    writeRandomCheckpoint(join(folder, 'judge'), { layers: 2, contextLength: 640, seed: 3 });
    writeFileSync(
      join(folder, 'bare.json'),
      JSON.stringify(['a', 'b', '### Evaluation:\n1\n'.repeat(60_000)]),
    );
    const path = writeSweep(folder, {
      models: { sft: { path: 'sft' }, bare: { answers: { 8: 'bare.json' } } },
      comparisons: [{ a: 'sft', b: 'bare', exitsA: [2] }],
      kl: undefined,
    });
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect(stderr).not.toContain('issing');
    expect(stdout).toMatch(/responses cut for the judge: 2 of 6 verdicts/);
    const dump = dumpOf(join(folder, 'out'));
    expect(dump['judged_pair']).toHaveLength(6);
    const speeds = withResults(join(folder, 'out'), (store) => [...timedSettings(store, 'trio')]);
    expect(new Set(speeds.map((id) => id.split(' ')[0]))).toEqual(new Set(['sft']));
    expect([0, 3]).toContain(code);
  });
});
