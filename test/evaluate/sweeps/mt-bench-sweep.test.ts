import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInstructions } from '../../../src/data/instructions.ts';
import { readRunHead } from '../../../src/store/read/run-head.ts';
import { runMain } from '../../cli/run.ts';
import { completion, startServer } from '../../support/faulty-server.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { dumpOf, withResults, writeInstructions, writeSweep } from '../trio.ts';

const root = tempFolder();
const COUNT = 4;

/** Two recorded models of one exit each, `first` and `second`, and a sweep that compares them with `judge`. */
function writeRecorded(name: string, judge: object) {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeInstructions(folder, COUNT);
  const write = (file: string, content: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(content));
  for (const model of ['first', 'second']) write(`${model}.json`, Array(COUNT).fill(model));
  const verdictOf = (response1: string) =>
    response1 === 'first' ? 'A is right. [[A]]' : 'B is right. [[B]]';
  const instructions = readInstructions(join(folder, 'instructions.json'));
  write(
    'verdicts.json',
    instructions.flatMap(({ instruction, input }, index) =>
      [
        ['first', 'second'],
        ['second', 'first'],
      ].map(([response1, response2]) => ({
        ...{ instruction, input, response1, response2 },
        raw: index === 0 ? 'Both are fine: [[C]]' : index === 1 ? 'No idea.' : verdictOf(response1!),
      })),
    ),
  );
  const path = writeSweep(folder, {
    models: { first: { answers: { 2: 'first.json' } }, second: { answers: { 2: 'second.json' } } },
    comparisons: [{ a: 'first', b: 'second' }],
    judge,
    limits: { malformedShare: 0.5 },
    kl: undefined,
  });
  return { path, output: join(folder, 'out') };
}

function scoresOf(output: string) {
  const scores = dumpOf(output)['cell_score']!.filter(({ policy }) => policy === 'average');
  return scores.map(({ wins, losses, ties, malformed }) => ({ wins, losses, ties, malformed }));
}

describe('a sweep whose judge speaks MT-Bench', () => {
  it('scores recorded texts by its verdicts, and stores its name with them', async () => {
    const { path, output } = writeRecorded('recorded', { protocol: 'mt-bench', verdicts: 'verdicts.json' });
    const { code, stdout, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(scoresOf(output)).toEqual([{ wins: 2, losses: 0, ties: 1, malformed: 1 }]);
    expect(stdout).toContain('deviation: verdicts from a file: how they were decoded is not known');
    const dump = dumpOf(output);
    expect(JSON.parse(String(dump['judge']![0]!['decoding_json']))).toEqual({
      strategy: 'recorded',
      protocol: 'mt-bench',
    });
    expect(dump['judgement']).toHaveLength(2 * COUNT);
    const head = withResults(output, (store) => readRunHead(store, 'trio'));
    expect(head).toMatchObject({ judge: 'verdicts.json', judgeProtocol: 'mt-bench' });
  });

  it('is named in the sweep file: without a name the texts are read as PandaLM’s, and malformed', async () => {
    const { path } = writeRecorded('pandalm', { verdicts: 'verdicts.json' });
    const { code, stdout } = await runMain(['sweep', path]);
    expect({ code }, stdout).toEqual({ code: 3 });
    expect(stdout).toContain('8 of 8 (100.0 %), limit 50.0 %');
  });

  it('keeps its verdicts when all texts are parsed again', async () => {
    const { path, output } = writeRecorded('parsed', { protocol: 'mt-bench', verdicts: 'verdicts.json' });
    await runMain(['sweep', path]);
    const before = scoresOf(output);
    const { code, stderr } = await runMain(['judge', path, '--reparse']);
    expect({ code }, stderr).toEqual({ code: 0 });
    await runMain(['score', path]);
    expect(scoresOf(output)).toEqual(before);
  });

  it('sends its prompts to a server, one message each', async () => {
    const server = await startServer(() => completion('[[B]]'));
    const endpoint = { baseUrl: server.baseUrl };
    const judge = { protocol: 'mt-bench', endpoint, model: 'judge' };
    const { path, output } = writeRecorded('served', judge);
    const { code, stderr } = await runMain(['sweep', path]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(server.received).toHaveLength(2 * COUNT);
    for (const { body } of server.received) {
      expect(body['max_tokens']).toBe(2048);
      expect(String(body['prompt'])).toMatch(
        /^Please act as an impartial judge .*\[\[C\]\]" for a tie\.\n\n/,
      );
    }
    expect(scoresOf(output)).toEqual([{ wins: 2, losses: 2, ties: 0, malformed: 0 }]);
  });
});
