import { describe, expect, it } from 'vitest';
import { speedStage } from '../../../src/evaluate/stages/speed-stage.ts';
import type { SweepModel } from '../../../src/sources/model-source.ts';
import { readSpeed } from '../../../src/store/tables/speed-table.ts';
import type { JobInput, JobItem } from '../../../src/worker/jobs/jobs.ts';
import { fakeModel, fakeRun, scriptedJob } from '../fake-run.ts';

const models = [fakeModel('soft'), fakeModel('sft')];

/** A row takes a millisecond for each step. */
const timing = () =>
  scriptedJob(({ settings }: JobInput<'speed'>): JobItem<'speed'>[] =>
    settings.map(({ batchSize, steps }) => ({ tokens: batchSize * steps, durationMs: steps })),
  );

describe('speed', () => {
  it('is measured for each model, exit and batch size, one model after the other', async () => {
    const run = fakeRun({ models });
    const { job, inputs } = timing();
    await speedStage(run, job);
    expect(inputs.map(({ folder, settings }) => [folder, settings.length])).toEqual([
      ['/models/soft', 4],
      ['/models/sft', 4],
    ]);
    const rows = readSpeed(run.store, run.run).map(
      ({ model, exit, batchSize, tokens }) => `${model}@${exit} ×${batchSize}: ${tokens}`,
    );
    expect(rows).toEqual([
      ...['sft@3 ×1: 8', 'sft@3 ×2: 16', 'sft@4 ×1: 8', 'sft@4 ×2: 16'],
      ...['soft@3 ×1: 8', 'soft@3 ×2: 16', 'soft@4 ×1: 8', 'soft@4 ×2: 16'],
    ]);
  });

  it('is measured once: of a model that was measured nothing is opened again', async () => {
    const run = fakeRun({ models });
    const breaking = scriptedJob(function* (input: JobInput<'speed'>): Generator<JobItem<'speed'>> {
      if (input.folder === '/models/sft') throw new Error('killed');
      yield* input.settings.map(() => ({ tokens: 1, durationMs: 1 }));
    });
    await expect(speedStage(run, breaking.job)).rejects.toThrow('killed');
    const again = timing();
    await speedStage(run, again.job);
    expect(again.inputs.map(({ folder }) => folder)).toEqual(['/models/sft']);
    const none = timing();
    await speedStage(run, none.job);
    expect(none.inputs).toEqual([]);
  });

  it('is measured anew only for a batch size that is new', async () => {
    const run = fakeRun({ models });
    await speedStage(run, timing().job);
    const again = timing();
    await speedStage({ ...run, config: { speed: { batchSizes: [2, 4], steps: 8 } } }, again.job);
    const sizes = again.inputs.flatMap(({ settings }) => settings.map(({ batchSize }) => batchSize));
    expect(sizes).toEqual([4, 4, 4, 4]);
  });

  it('takes a prompt that leaves room for the timed steps and the four before them', async () => {
    const { manifest } = models[0]!;
    const architecture = { ...manifest.architecture, contextLength: 50 };
    const run = fakeRun({ models: [fakeModel('soft', { manifest: { ...manifest, architecture } })] });
    const { job, inputs } = timing();
    await speedStage(run, job);
    expect(inputs[0]!.promptIds).toHaveLength(50 - 4 - 8);
  });

  it('is nothing where no model runs in this process', async () => {
    const remote = { name: 'file', exits: [3], keys: new Map() } as unknown as SweepModel;
    const run = fakeRun({ models: [remote] });
    const { job, inputs } = timing();
    await speedStage(run, job);
    expect(inputs).toEqual([]);
    expect(run.progress.computed).toEqual(new Map());
  });
});
