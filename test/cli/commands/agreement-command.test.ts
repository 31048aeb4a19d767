import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { writeInstructions, writeSweep } from '../../evaluate/trio.ts';
import { completion, startServer } from '../../support/faulty-server.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';

const folder = tempFolder();

function write(file: string, value: unknown): string {
  const path = join(folder, file);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

const LABELS = [
  [1, 1, 2],
  [2, 2, 2],
  [0, 0, 1],
  [2, 1, 1],
].map(([annotator1, annotator2, annotator3], idx) => ({
  idx,
  cmp_key: idx < 2 ? 'a_b' : 'a_c',
  instruction: 'Add.',
  input: `${idx} 1`,
  response1: 'one',
  response2: idx === 0 ? true : 'two',
  ...{ annotator1, annotator2, annotator3 },
}));
const labels = write('labels.json', LABELS);
const verdicts = write(
  'verdicts.json',
  ['1', '2', 'garbage', '2'].map((gpt_result, idx) => ({ idx, gpt_result })),
);

describe('agreement --verdicts', () => {
  it.each([
    ['tie', '75.00', '4 pairs'],
    ['wrong', '50.00', '4 pairs'],
    ['dropped', '66.67', '3 pairs'],
  ])('prints the accuracy of recorded verdicts under --malformed %s', async (rule, accuracy, counted) => {
    const args = ['agreement', labels, '--verdicts', verdicts, '--malformed', rule];
    const { code, stdout } = await runMain(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Accuracy +${accuracy} `, 'm'));
    expect(stdout).toContain(`${counted} counted`);
    expect(stdout).toMatch(/Malformed +1 of 4 verdicts/);
    expect(stdout).toMatch(/^a_b +2 +100\.00 /m);
  });

  it("says that PandaLM's own files have one number for ties and what it could not read", async () => {
    const zeros = write(
      'zeros.json',
      LABELS.map(({ idx }) => ({ idx, pandalm_result: 0 })),
    );
    const { stdout } = await runMain(['agreement', labels, '--verdicts', zeros]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('its 0 stands for ties and for what PandaLM could not');
    expect((await runMain(['agreement', labels, '--verdicts', verdicts])).stdout).not.toContain('its 0');
  });

  it('prints JSON, the same for the same seed', async () => {
    const args = ['agreement', labels, '--verdicts', verdicts, '--format', 'json', '--seed'];
    const [one, again, other] = await Promise.all(['5', '5', '6'].map((seed) => runMain([...args, seed])));
    expect(JSON.parse(one!.stdout)).toMatchObject({ accuracy: 0.75, unanimous: { count: 1 }, seed: 5 });
    expect(again!.stdout).toBe(one!.stdout);
    expect(JSON.parse(other!.stdout)).toMatchObject({ accuracy: 0.75, seed: 6 });
  });
});

describe('agreement --judge', () => {
  it('asks the judge of a sweep about each pair, and asks nothing again', async () => {
    writeRandomCheckpoint(join(folder, 'judge'), { layers: 2, contextLength: 640, seed: 3 });
    const sweep = writeSweep(folder, { judge: { path: 'judge', label: 'two layers', maxNewTokens: 3 } });
    const args = ['agreement', labels, '--judge', sweep, '--malformed', 'wrong'];
    const first = await runMain(args);
    expect(first.stderr).toMatch(/two layers: labelled pairs: 4 of 4, /);
    expect(first.stdout).toMatch(/Judge +two layers; decoding: .*maxNewTokens 3/);
    expect(first.stdout.replaceAll(/\s+/g, ' ')).toContain('deviation from PandaLM: at most 3 new');
    const second = await runMain(args);
    expect(second.stderr).toBe('two layers: labelled pairs: 4 of 4 known\n');
    expect(second.stdout).toBe(first.stdout);
  });
});

describe('agreement --judge with a server', () => {
  const FORMATS: [format: string, records: object[], accuracy: string][] = [
    [
      'LLMBar',
      [1, 2, 2].map((label, index) => ({ input: `Add ${index}.`, output_1: 'a', output_2: 'b', label })),
      '33.33',
    ],
    [
      'auto-j',
      [0, 1, 0, 2].map((label, index) => ({
        ...{ scenario: 'math', prompt: `Add ${index}.`, label },
        ...{ 'response 1': 'a', 'response 2': 'b' },
      })),
      '50.00',
    ],
  ];

  it.each(FORMATS)('reads %s pairs, one record a line', async (format, records, accuracy) => {
    const { baseUrl, received } = await startServer(() => completion('1\n\n### Reason: first'));
    const sweep = writeSweep(folder, { judge: { endpoint: { baseUrl }, model: 'm' }, output: format });
    const path = join(folder, `${format}.jsonl`);
    writeFileSync(path, records.map((record) => JSON.stringify(record)).join('\n'));
    const { code, stdout } = await runMain(['agreement', path, '--judge', sweep]);
    expect(code).toBe(0);
    expect(received).toHaveLength(records.length);
    expect(stdout).toMatch(new RegExp(`^Accuracy +${accuracy.replace('.', '\\.')} `, 'm'));
    expect(stdout).toContain('Unanimous  unknown: one annotator a pair');
    expect(stdout).not.toContain('By pair of models');
  });

  it('is kept with the judge, and printed with its runs', async () => {
    const { baseUrl } = await startServer(() => completion('1'));
    writeInstructions(folder, 2);
    write('answers.json', ['one', 'two']);
    const sweep = writeSweep(
      folder,
      {
        models: { a: { answers: { 1: 'answers.json' } }, b: { answers: { 1: 'answers.json' } } },
        comparisons: [{ a: 'a', b: 'b' }],
        judge: { endpoint: { baseUrl }, model: 'm' },
        identical: 'tie',
        kl: undefined,
        output: 'kept',
      },
      'kept.yaml',
    );
    expect((await runMain(['agreement', labels, '--judge', sweep])).code).toBe(0);
    const { code, stdout } = await runMain(['sweep', sweep]);
    expect(code).toBe(0);
    expect(stdout).toContain('  agrees with labels.json on 50.00 % of 4 pairs, κ');
  });
});

describe('agreement with a server that leaves prompts unanswered', () => {
  it('ends with 3, keeps what was answered, and the same command sends only the rest', async () => {
    let isBroken = true;
    const { baseUrl, received } = await startServer(({ body }) => {
      const isUnlucky = isBroken && String(body['prompt']).includes('2 1');
      return isUnlucky ? { status: 400, body: { error: { message: 'too busy' } } } : completion('1');
    });
    const judge = { endpoint: { baseUrl, maxTries: 1 }, model: 'm' };
    const sweep = writeSweep(folder, { judge, output: 'unanswered' }, 'unanswered.yaml');
    const ended = await runMain(['agreement', labels, '--judge', sweep]);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: EXIT.failedCheck, stdout: '' });
    expect(ended.stderr).toMatch(/expected an answer to every prompt, found none to 1 of them: .*too busy/);
    isBroken = false;
    received.length = 0;
    expect((await runMain(['agreement', labels, '--judge', sweep])).code).toBe(EXIT.done);
    expect(received).toHaveLength(1);
  });
});

describe('agreement refuses', () => {
  it.each<[string, () => string[], RegExp]>([
    ['neither verdicts nor a judge', () => [labels], /expected --verdicts .*found neither/],
    ['both', () => [labels, '--verdicts', verdicts, '--judge', 'sweep.yaml'], /found both/],
    [
      'a seed that is no number',
      () => [labels, '--verdicts', verdicts, '--seed', 'x'],
      /--seed: expected an integer of 0 or more, found no number/,
    ],
    ['an unknown rule', () => [labels, '--verdicts', verdicts, '--malformed', 'skip'], /"skip"/],
    [
      'verdicts of which none counts',
      () => {
        const garbage = LABELS.map(({ idx }) => ({ idx, gpt_result: 'garbage' }));
        return [labels, '--verdicts', write('garbage.json', garbage), '--malformed', 'dropped'];
      },
      /expected at least one pair to count, found 4 pairs, all malformed and dropped/,
    ],
    ['labels that are not there', () => [join(folder, 'no.json'), '--verdicts', verdicts], /no such file/],
    ['verdicts as labels', () => [verdicts, '--verdicts', verdicts], /found the keys idx, gpt_result/],
    [
      'verdicts on other pairs',
      () => [labels, '--verdicts', write('few.json', [{ idx: 0, gpt_result: '1' }])],
      /expected one verdict for each labelled pair, found none for idx 1, 2, 3/,
    ],
    [
      'a sweep without a judge',
      () => [labels, '--judge', writeSweep(folder, { judge: undefined, comparisons: [] }, 'no-judge.yaml')],
      /no-judge\.yaml: judge: expected a judge, found none/,
    ],
  ])('%s', async (_, args, said) => {
    expect(refusalOf(await runMain(['agreement', ...args()]))).toMatch(said);
  });
});
