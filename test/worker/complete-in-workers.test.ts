import { beforeAll, describe, expect, it } from 'vitest';
import { openCompleter } from '../../src/engine/complete.ts';
import { completeInWorkers } from '../../src/worker/complete-in-workers.ts';
import { type CompleteInput, completeJob } from '../../src/worker/jobs/complete-job.ts';
import { runJob } from '../../src/worker/run-job.ts';
import { inputErrorOf } from '../support/failure.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const settings = {
  decoding: { strategy: 'beams', numBeams: 4, repetitionPenalty: 1.2, rule: 'transformers-4.28' },
  maxNewTokens: 4,
  batchSize: 16,
  memoryMB: 64,
} as const;
let input: CompleteInput;

beforeAll(() => {
  const { modelFolder: folder } = importRandomModel(root, 'model', { contextLength: 200 });
  const prompts = Array.from({ length: 300 }, (_, tag) => ({ tag, text: `Judge ${tag % 37}.` }));
  input = { folder, settings, prompts };
});

async function textsOf(
  completions: AsyncIterable<{ tag: number; text: string | null }>,
): Promise<[number, string | null][]> {
  const texts: [number, string | null][] = [];
  for await (const { tag, text } of completions) texts.push([tag, text]);
  return texts.sort(([a], [b]) => a - b);
}

/** Runs jobs in this many workers. */
const jobIn = (workers: number) =>
  ((name: 'complete', work: CompleteInput, signal) =>
    runJob(name, work, signal, { workers, threads: 1 })) as typeof runJob;

describe('prompts shared between workers', () => {
  it('are in one piece each, with a whole batch and a part of the memory for each worker', async () => {
    const { common, pieces } = await completeJob.split(input, 2);
    expect(pieces.flat()).toEqual(input.prompts);
    const part = { memoryMB: 32, maxPromptsRead: 38 };
    expect(common).toEqual({ folder: input.folder, settings: { ...settings, ...part } });
    const sizes = pieces.map((piece) => piece.length);
    expect(pieces.length).toBeGreaterThanOrEqual(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(15);
  });

  it('are in pieces of at most 192 where there are many of them', async () => {
    const prompts = Array.from({ length: 9000 }, (_, tag) => ({ tag, text: 'the same' }));
    const { pieces } = await completeJob.split({ ...input, prompts }, 2);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(192);
  });

  it('get the same texts in any number of workers, and in this thread', async () => {
    const completer = await openCompleter(input.folder, settings);
    const expected = await textsOf(completer.complete(input.prompts));
    await completer.close();
    expect(expected).toHaveLength(300);
    for (const workers of [1, 2, 3]) {
      const job = jobIn(workers);
      expect(await textsOf(completeInWorkers(input.folder, settings, input.prompts, { job }))).toEqual(
        expected,
      );
    }
    expect(await textsOf(completeInWorkers(input.folder, settings, input.prompts))).toEqual(expected);
  });

  it('come back under tags that do not cross between threads', async () => {
    const tag = () => 'a function cannot be cloned';
    const completions = completeInWorkers(input.folder, settings, [{ tag, text: 'One.' }]);
    expect((await completions.next()).value?.tag).toBe(tag);
    await completions.return(undefined);
  });

  it('keep what shortens them when they are too long', async () => {
    const parts = (length: number) => ({
      fixed: ['Compare ', ' with ', '.'] as const,
      shortenable: ['a '.repeat(length), 'b <cut> '.repeat(length)] as const,
      removed: /<cut>/g,
    });
    const prompts = [10, 400].map((length, tag) => ({ tag, text: 'too long', parts: parts(length) }));
    const completer = await openCompleter(input.folder, settings);
    const expected: unknown[] = [];
    for await (const { tag, text, truncatedTokens } of completer.complete(prompts))
      expected.push([tag, text, truncatedTokens]);
    await completer.close();
    const read: unknown[] = [];
    for await (const { tag, text, truncatedTokens } of completeInWorkers(input.folder, settings, prompts))
      read.push([tag, text, truncatedTokens]);
    expect(read).toEqual(expected);
  });

  it('fail with bad input as one worker does, and stop when they are interrupted', async () => {
    const job = jobIn(2);
    const nobody = `${root}/nobody`;
    const failing = () => textsOf(completeInWorkers(nobody, settings, input.prompts, { job }));
    expect((await inputErrorOf(failing)).code).toBe('not-found');
    const signal = AbortSignal.abort(new Error('enough'));
    const stopped = completeInWorkers(input.folder, settings, input.prompts, { job, signal });
    await expect(textsOf(stopped)).rejects.toThrow('enough');
    expect(await textsOf(completeInWorkers(input.folder, settings, input.prompts, { job }))).toHaveLength(
      300,
    );
  });
});
