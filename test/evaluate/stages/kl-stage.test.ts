import { describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { klStage } from '../../../src/evaluate/stages/kl-stage.ts';
import type { JobInput, JobItem } from '../../../src/worker/jobs/jobs.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { readKlValues } from '../../support/read-kl-values.ts';
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
const curve = { name: 'soft from sft@4', model: soft, reference: sft, referenceExit: 4, positions: 3 };

/** A run whose models have responded with `text`. */
async function generated(text = 'four', curves = [curve]) {
  const run = { ...fakeRun({ models: [soft, sft] }), curves };
  await generateFrom(
    run,
    scriptedSource(() => text),
  );
  run.progress.computed.clear();
  return run;
}

/** Passes in reverse order; the KL of a pass is its number, plus a tenth of the exit's. */
const measuring = () =>
  scriptedJob(({ continuations, model }: JobInput<'kl'>): JobItem<'kl'>[] =>
    continuations
      .map(({ continuation: ids }, continuation) => ({
        continuation,
        klNats: model.exits.map((_, exit) => ids.map(() => continuation + exit / 10)),
      }))
      .toReversed(),
  );

describe('KL', () => {
  it('forces both sides along as much of the reference’s response as is measured', async () => {
    const run = await generated();
    const { job, inputs } = measuring();
    await klStage(run, job);
    expect(inputs).toHaveLength(1);
    const [{ model, reference, continuations }] = inputs as [JobInput<'kl'>];
    expect(model).toEqual({ folder: '/models/soft', exits: [3, 4] });
    expect(reference).toEqual({ folder: '/models/sft', exit: 4 });
    expect(continuations.map(({ continuation }) => sft.tokenizer.decode(continuation))).toEqual([
      'fou',
      'fou',
      'fou',
    ]);
  });

  it('has each of the two read its own prompt, and one prompt where they are the same', async () => {
    const form = { name: 'vicuna', parts: ['USER: ', { slot: 'question' }, ' ASSISTANT:'] } as const;
    const asked = fakeModel('asked', { form });
    const curves = [{ ...curve, name: 'asked from sft@4', model: asked }];
    const run = { ...fakeRun({ models: [asked, sft] }), curves };
    await generateFrom(
      run,
      scriptedSource(() => 'four'),
    );
    const { job, inputs } = measuring();
    await klStage(run, job);
    const [{ continuations }] = inputs as [JobInput<'kl'>];
    const texts = continuations.map(({ context, referenceContext }) =>
      [context, referenceContext!].map((ids) => sft.tokenizer.decode(ids)),
    );
    expect(texts).toEqual(
      run.instructions.map((one) => [`USER: ${one.instruction} ASSISTANT:`, alpacaPrompt(one)]),
    );
    const same = await generated();
    const together = measuring();
    await klStage(same, together.job);
    const [input] = together.inputs as [JobInput<'kl'>];
    expect(input.continuations.every((one) => !('referenceContext' in one))).toBe(true);
  });

  it('stores every value under its exit and instruction, whatever the order in which they come', async () => {
    const run = await generated();
    await klStage(run, measuring().job);
    const values = readKlValues(run.store, run.run, curve.name);
    expect(values.map(({ exit, instructionId, klNats }) => `${exit} ${instructionId} ${klNats}`)).toEqual([
      ...['3 i0 0', '3 i0 0', '3 i0 0', '3 i1 1', '3 i1 1', '3 i1 1', '3 i2 2', '3 i2 2', '3 i2 2'],
      ...['4 i0 0.1', '4 i0 0.1', '4 i0 0.1', '4 i1 1.1', '4 i1 1.1', '4 i1 1.1'],
      ...['4 i2 2.1', '4 i2 2.1', '4 i2 2.1'],
    ]);
  });

  it('measures nothing that is stored, and points a second curve at it', async () => {
    const run = await generated();
    await klStage(run, measuring().job);
    const again = measuring();
    await klStage({ ...run, curves: [curve, { ...curve, name: 'the same' }] }, again.job);
    expect(again.inputs).toEqual([]);
    expect(readKlValues(run.store, run.run, 'the same')).toHaveLength(18);
    expect(rowsOf(run.store, 'kl')).toHaveLength(6);
  });

  it('keeps the passes before an error, and measures only the others the next time', async () => {
    const run = await generated();
    const breaking = scriptedJob(function* ({ model }: JobInput<'kl'>): Generator<JobItem<'kl'>> {
      yield { continuation: 1, klNats: model.exits.map(() => [0]) };
      throw new Error('out of memory');
    });
    await expect(klStage(run, breaking.job)).rejects.toThrow('out of memory');
    expect(rowsOf(run.store, 'kl')).toHaveLength(2);
    const again = measuring();
    await klStage(run, again.job);
    expect(again.inputs[0]!.continuations).toHaveLength(2);
    expect(run.progress.computed).toEqual(new Map([['KL: soft from sft@4', 3]]));
  });

  it('leaves positions out that the shorter context of the model does not hold', async () => {
    const [instruction] = fakeInstructions(1);
    // The last token's own successor needs no place.
    const contextLength = soft.tokenizer.encode(alpacaPrompt(instruction!)).length + 1;
    const short = fakeModel('soft', {
      manifest: { ...soft.manifest, architecture: { ...soft.manifest.architecture, contextLength } },
    });
    const run = await generated('four', [{ ...curve, model: short }]);
    const { job, inputs } = measuring();
    await klStage(run, job);
    expect(inputs[0]!.continuations.map(({ continuation }) => continuation.length)).toEqual([2, 2, 2]);
  });

  it('names the command that comes first where the reference has not responded', async () => {
    const run = { ...fakeRun({ models: [soft, sft] }), curves: [curve] };
    const error = await inputErrorOf(() => klStage(run, measuring().job));
    expect(error.code).toBe('empty');
    expect(error.message).toContain('sorted-eval generate <sweep.yaml>');
  });
});
