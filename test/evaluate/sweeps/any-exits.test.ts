import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.ts';
import { openSweep } from '../../../src/evaluate/open-sweep.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const atExits = (exits: readonly number[]) => ({
  sft: { path: 'sft', exits },
  soft: { path: 'soft', exits },
  'early-exit': { path: 'early-exit', exits },
});
const responsesAt3 = (path: string) =>
  withSweep(path, async (sweep) => {
    await generateStage(sweep);
    return ['sft', 'soft', 'early-exit'].map((model) =>
      [...readResponses(sweep.store, sweep.run, { model, exit: 3 }).values()].map(({ text }) => text),
    );
  });

beforeAll(() => writeTrio(folder));

describe('a sweep over exits that end before full depth', () => {
  const kl = { positions: 4, curves: [{ model: 'soft', reference: 'sft', referenceExit: 3 }] };

  it('runs whole, with one exit, and scores by a named reference', async () => {
    const path = writeSweep(folder, { models: atExits([3]), kl, output: 'one' });
    await withSweep(path, runSweep);
    const dump = dumpOf(join(folder, 'one'));
    expect(dump['answer']).toHaveLength(3 * 6);
    expect(dump['judged_pair']).toHaveLength(2 * 6 * 2);
    expect(dump['kl_curve']).toHaveLength(6);
    expect(dump['likelihood']!.length).toBeGreaterThan(0);
  });

  it('runs without loglikelihood where nothing names a scorer', async () => {
    const path = writeSweep(folder, { models: atExits([2, 3]), kl: undefined, output: 'two' });
    await withSweep(path, runSweep);
    expect(dumpOf(join(folder, 'two'))).toMatchObject({ likelihood: [] });
  });

  it('gives the responses of the same exits among all, without computing them again', async () => {
    const bare = { comparisons: undefined, kl: undefined, judge: undefined, output: 'shared' };
    const all = await responsesAt3(writeSweep(folder, { ...bare, name: 'all' }));
    const path = writeSweep(folder, { ...bare, name: 'part', models: atExits([3]) });
    const progress = countingProgress();
    await withSweep(path, generateStage, progress);
    expect([...progress.computed.values()].filter((count) => count > 0)).toEqual([]);
    expect(await responsesAt3(path)).toEqual(all);
  });
});

describe('what refers to full depth names it where the exits lack it:', () => {
  const failure = (changes: object) => {
    const path = writeSweep(folder, { output: 'refused', ...changes });
    return inputErrorOf(() => openSweep(path, { progress: silentProgress }));
  };

  it('the reference of a KL curve', async () => {
    const error = await failure({ models: atExits([2, 3]) });
    expect(error).toMatchObject({
      code: 'unknown-exit',
      expected: 'full depth (exit 4) among the exits of sft, or a `referenceExit`',
      found: '[2, 3]',
    });
    expect(error.where).toContain('kl.curves.0.reference');
  });

  it('a scorer model', async () => {
    const changes = { models: atExits([2, 3]), kl: undefined, likelihood: { reference: 'soft' } };
    expect((await failure(changes)).expected).toContain('full depth (exit 4) among the exits of soft');
  });

  it('a judge', async () => {
    importCheckpoint(join(folder, 'sft'), join(folder, 'judge-of-3'), { exits: [3] });
    const error = await failure({ judge: { path: 'judge-of-3' } });
    expect(error).toMatchObject({ code: 'unknown-exit', expected: 'full depth (exit 4) among the exits' });
    expect(error.where).toContain('judge-of-3, the judge');
  });
});
