import { describe, expect, it } from 'vitest';
import { SPEED_PROMPT_TOKENS } from '../../../src/evaluate/plan/plan-speed.ts';
import { speedStage } from '../../../src/evaluate/stages/speed-stage.ts';
import type { SweepModel } from '../../../src/sources/model-source.ts';
import { exitSpeedRead } from '../../../src/store/read/exit-reads.ts';
import { read } from '../../../src/store/read/read.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import type { JobInput, JobItem } from '../../../src/worker/jobs/jobs.ts';
import { modelRecord } from '../../store/sample-run.ts';
import { fakeInstructions, fakeModel, fakeRun, scriptedJob } from '../fake-run.ts';

const models = [fakeModel('soft'), fakeModel('sft')];
const CONFIG = { speed: { batchSizes: [1, 2], steps: 8, repetitions: 2 } };

const newRun = (options: Parameters<typeof fakeRun>[0] = { models }) => ({
  ...fakeRun(options),
  config: CONFIG,
});
type Run = Omit<ReturnType<typeof newRun>, 'config'> & { config: typeof CONFIG };

/** A row takes a millisecond for each step, until `limit` timings are done. */
const timing = (limit = Number.POSITIVE_INFINITY) =>
  scriptedJob(function* ({ turns }: JobInput<'speed'>): Generator<JobItem<'speed'>> {
    let done = 0;
    for (const { tag, batchSize, steps } of turns.flatMap(({ timings }) => timings)) {
      if (done++ === limit) throw new Error('killed');
      yield { tag, tokens: batchSize * steps, durationMs: steps };
    }
  });

const speedsOf = ({ store, run }: Run) =>
  read(store, exitSpeedRead(run)).map(
    ({ model, exit, batchSize, repetitions }) => `${model}@${exit} ×${batchSize}: ${repetitions}`,
  );

/** The turns of a job, as model folder and what is timed in it. */
const turnsIn = ({ turns }: JobInput<'speed'>) =>
  turns.map(({ folder, timings }) => [
    folder.replace('/models/', ''),
    timings.map(({ exit, batchSize, steps }) => `${exit} ×${batchSize}, ${steps}`).join('; '),
  ]);

describe('speed', () => {
  it('is measured of all models in turns, every other round backwards, so that the machine’s drift meets all alike', async () => {
    const run = newRun();
    const { job, inputs } = timing();
    await speedStage(run, job);
    const [forwards, backwards] = [
      '3 ×1, 4; 4 ×1, 4; 3 ×2, 4; 4 ×2, 4',
      '4 ×2, 4; 3 ×2, 4; 4 ×1, 4; 3 ×1, 4',
    ];
    expect(inputs.map(turnsIn)).toEqual([
      [
        ['soft', forwards],
        ['sft', `${forwards}; ${backwards}`],
        ['soft', backwards],
      ],
    ]);
    expect(speedsOf(run)).toEqual([
      ...['sft@3 ×1: 2', 'sft@3 ×2: 2', 'sft@4 ×1: 2', 'sft@4 ×2: 2'],
      ...['soft@3 ×1: 2', 'soft@3 ×2: 2', 'soft@4 ×1: 2', 'soft@4 ×2: 2'],
    ]);
  });

  it('stores every repetition', async () => {
    const run = newRun();
    await speedStage(run, timing().job);
    const rows = run.store.all('SELECT * FROM speed_repetitions WHERE model = @m AND exit = 3', { m: 'sft' });
    expect(rows).toMatchObject([
      { batch_size: 1, repetition: 0, tokens: 4, duration_ms: 4, tokens_per_second: 1000 },
      { batch_size: 1, repetition: 1 },
      { batch_size: 2, repetition: 0, tokens: 8, tokens_per_second: 2000 },
      { batch_size: 2, repetition: 1 },
    ]);
  });

  it('goes on after a kill where it was, and then is measured no more', async () => {
    const run = newRun();
    await expect(speedStage(run, timing(11).job)).rejects.toThrow('killed');
    expect(speedsOf(run)).toEqual([]);
    const again = timing();
    await speedStage(run, again.job);
    expect(again.inputs.flatMap(turnsIn)).toEqual([
      ['sft', '3 ×1, 4'],
      ['soft', '4 ×2, 4; 3 ×2, 4; 4 ×1, 4; 3 ×1, 4'],
    ]);
    const none = timing();
    await speedStage(run, none.job);
    expect(none.inputs).toEqual([]);
  });

  it('is not measured again for a run with other instructions: what was timed holds for it', async () => {
    const run = newRun();
    await speedStage(run, timing().job);
    const instructions = [
      ...fakeInstructions(1).map((one) => ({ ...one, id: 'first' })),
      ...fakeInstructions(4),
    ];
    const records = models.map(({ name }) => modelRecord(name));
    const more = {
      run: 'more',
      config: {},
      toolVersion: '0',
      instructions,
      models: records,
      comparisons: [],
    };
    openRun(run.store, more);
    const none = timing();
    await speedStage({ ...run, run: 'more', instructions }, none.job);
    expect(none.inputs).toEqual([]);
    expect(speedsOf({ ...run, run: 'more' })).toEqual(speedsOf(run));
  });

  it('is measured once of a sub-model that two models share', async () => {
    const twin = { ...fakeModel('twin'), keys: models[0]!.keys } as SweepModel;
    const run = newRun({ models: [models[0]!, twin] });
    const { job, inputs } = timing();
    await speedStage(run, job);
    expect(inputs[0]!.turns.map(({ folder }) => folder)).toEqual(['/models/soft']);
    expect(speedsOf(run)).toHaveLength(8);
  });

  it('is measured anew only for a batch size that is new', async () => {
    const run = newRun();
    await speedStage(run, timing().job);
    const again = timing();
    await speedStage({ ...run, config: { speed: { ...CONFIG.speed, batchSizes: [2, 4] } } }, again.job);
    const sizes = again.inputs.flatMap(({ turns }) => turns.flatMap(({ timings }) => timings));
    expect(new Set(sizes.map(({ batchSize }) => batchSize))).toEqual(new Set([4]));
  });

  it('follows a prompt of one length, shorter where the context has no room for it before the timed steps', async () => {
    const promptOf = async (contextLength: number) => {
      const { manifest } = models[0]!;
      const architecture = { ...manifest.architecture, contextLength };
      const run = newRun({ models: [fakeModel('soft', { manifest: { ...manifest, architecture } })] });
      const { job, inputs } = timing();
      await speedStage(run, job);
      return inputs[0]!.turns[0]!.promptIds;
    };
    expect(await promptOf(1000)).toHaveLength(SPEED_PROMPT_TOKENS);
    expect(await promptOf(50)).toHaveLength(50 - 4 - 4);
  });

  it('is nothing where no model runs in this process', async () => {
    const remote = { name: 'file', exits: [3], keys: new Map() } as unknown as SweepModel;
    const run = newRun({ models: [remote] });
    const { job, inputs } = timing();
    await speedStage(run, job);
    expect(inputs).toEqual([]);
    expect(run.progress.computed).toEqual(new Map());
  });
});
