import { describe, expect, it } from 'vitest';
import { loglikelihoodStage } from '../../../src/evaluate/stages/loglikelihood-stage.ts';
import type { JobInput, JobItem } from '../../../src/worker/jobs/jobs.ts';
import {
  fakeInstructions,
  fakeModel,
  fakeRun,
  generateFrom,
  rowsOf,
  scriptedJob,
  scriptedSource,
} from '../fake-run.ts';

const [soft, sft] = [fakeModel('soft'), fakeModel('sft')];

async function generated(models = [soft, sft], instructions = fakeInstructions(3)) {
  const run = { ...fakeRun({ models, instructions }), scorer: { model: sft, exit: 4 } };
  await generateFrom(
    run,
    scriptedSource((id, exit) => `${id}${exit}`),
  );
  run.progress.computed.clear();
  return run;
}

/** The mean of a response is minus its length. */
const measuring = () =>
  scriptedJob(({ batches }: JobInput<'loglikelihood'>): JobItem<'loglikelihood'>[] =>
    batches.map((batch) =>
      batch.map(({ responseKey, continuation: { length } }) => {
        return { responseKey, tokens: length, meanLogProbability: -length };
      }),
    ),
  );

/** How many responses each prompt of a job has. */
function responsesByPrompt({ batches }: JobInput<'loglikelihood'>): number[] {
  const counts = new Map<readonly number[], number>();
  for (const { context } of batches.flat()) counts.set(context, (counts.get(context) ?? 0) + 1);
  return [...counts.values()];
}

describe('the loglikelihood of responses', () => {
  it('is measured under the scorer, all responses to an instruction after one prompt', async () => {
    const run = await generated();
    const { job, inputs } = measuring();
    await loglikelihoodStage(run, job);
    expect(inputs).toHaveLength(1);
    const [input] = inputs as [JobInput<'loglikelihood'>];
    const { folder, exit, batchSize } = input;
    expect({ folder, exit, batchSize }).toEqual({ folder: '/models/sft', exit: 4, batchSize: 8 });
    expect(responsesByPrompt(input)).toEqual([4, 4, 4]);
    expect(rowsOf(run.store, 'likelihood')).toHaveLength(12);
    expect(run.progress.computed).toEqual(new Map([['likelihood: sft@4', 12]]));
  });

  it('comes in batches of at most 512 tokens of prompts', async () => {
    const run = await generated([soft, sft], fakeInstructions(7));
    const { job, inputs } = measuring();
    await loglikelihoodStage(run, job);
    const { batches } = inputs[0]!;
    const prompts = batches.map((batch) => [...new Set(batch.map(({ context }) => context))]);
    expect(prompts.flat()).toHaveLength(7);
    expect(batches.length).toBeGreaterThan(1);
    for (const contexts of prompts) {
      const tokens = contexts.reduce((sum, { length }) => sum + length, 0);
      expect(contexts.length === 1 || tokens <= 512).toBe(true);
    }
  });

  it('is measured once, and again under another scorer', async () => {
    const run = await generated();
    await loglikelihoodStage(run, measuring().job);
    const [same, other] = [measuring(), measuring()];
    await loglikelihoodStage(run, same.job);
    expect(same.inputs).toEqual([]);
    await loglikelihoodStage({ ...run, scorer: { model: soft, exit: 3 } }, other.job);
    expect(other.inputs).toHaveLength(1);
    expect(rowsOf(run.store, 'run_reference')).toMatchObject([{ model: 'soft', exit: 3 }]);
  });

  it('asks only about the responses that are new', async () => {
    const run = await generated();
    const half = scriptedJob(function* (
      input: JobInput<'loglikelihood'>,
    ): Generator<JobItem<'loglikelihood'>> {
      const { responseKey } = input.batches[0]![0]!;
      yield [{ responseKey, tokens: 1, meanLogProbability: -1 }];
      throw new Error('out of memory');
    });
    await expect(loglikelihoodStage(run, half.job)).rejects.toThrow('out of memory');
    const again = measuring();
    await loglikelihoodStage(run, again.job);
    expect(responsesByPrompt(again.inputs[0]!)).toEqual([3, 4, 4]);
  });

  it('is not measured for a model of another vocabulary', async () => {
    const files = { 'tokenizer.json': { sha256: 'another vocabulary' } };
    const foreign = fakeModel('soft', { manifest: { ...soft.manifest, files } });
    const run = await generated([foreign, sft]);
    const { job, inputs } = measuring();
    await loglikelihoodStage(run, job);
    expect(responsesByPrompt(inputs[0]!)).toEqual([2, 2, 2]);
  });

  it('is forgotten as the run’s where no model can be its scorer', async () => {
    const run = await generated();
    await loglikelihoodStage(run, measuring().job);
    await loglikelihoodStage({ ...run, scorer: undefined }, measuring().job);
    expect(rowsOf(run.store, 'run_reference')).toEqual([]);
    expect(rowsOf(run.store, 'likelihood')).toHaveLength(12);
  });
});
