import { beforeAll, describe, expect, it } from 'vitest';
import { inferenceWorker } from '../../src/worker/inference-worker.ts';
import type { GenerateInput } from '../../src/worker/jobs/generate-job.ts';
import type { JobInput, JobItem, JobName } from '../../src/worker/jobs/jobs.ts';
import type { Workers } from '../../src/worker/plan-workers.ts';
import { runJob } from '../../src/worker/run-job.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const EXITS = [1, 2, 4];
let folder: string;
let reference: string;

beforeAll(() => {
  const shape = { exits: EXITS, contextLength: 640 };
  folder = importRandomModel(root, 'model', shape).modelFolder;
  reference = importRandomModel(root, 'reference', { ...shape, seed: 7 }).modelFolder;
});

/** Workers, and threads of each. */
const DIVISIONS: readonly Workers[] = [
  { workers: 1 },
  { workers: 1, threads: 1 },
  { workers: 2, threads: 1 },
  { workers: 2, threads: 2 },
  { workers: 3, threads: 1 },
];

/** What a job gives in each division of the work, in one order. */
async function inAllDivisions<Name extends JobName>(
  name: Name,
  input: JobInput<Name>,
  textOf: (item: JobItem<Name>) => string,
): Promise<string[][]> {
  const results: string[][] = [];
  for (const division of DIVISIONS) {
    const texts: string[] = [];
    for await (const item of runJob(name, input, undefined, division)) texts.push(textOf(item));
    results.push(texts.sort());
  }
  return results;
}

function expectAlike(results: string[][], length: number): void {
  expect(results[0]).toHaveLength(length);
  for (const result of results) expect(result).toEqual(results[0]);
}

const generating = (count: number, maxNewTokens = 20): GenerateInput => ({
  folder,
  requests: Array.from({ length: count }, (_, index) => ({
    prompt: { text: 'Name a color. '.repeat(1 + (index % 5)) },
    exits: index % 2 === 0 ? EXITS : [2],
  })),
  settings: { maxNewTokens, batchSize: 6 },
});

/** Continuations of unequal lengths, one of them empty. */
const continuations = Array.from({ length: 14 }, (_, index) => ({
  context: Array.from({ length: 3 + (index % 4) }, (__, place) => 1 + ((7 * index + place) % 50)),
  continuation: Array.from({ length: index % 6 }, (__, place) => 1 + ((5 * index + place) % 50)),
}));

describe('results of a job, bit for bit, in 1, 2 and 3 workers of 1 or 2 threads', () => {
  it('are equal: responses', async () => {
    const results = await inAllDivisions('generate', generating(11), ({ durationMs: _, ...response }) =>
      JSON.stringify(response),
    );
    expectAlike(results, 6 * 3 + 5);
  });

  it('are equal: KL', async () => {
    const sides = { model: { folder, exits: EXITS }, reference: { folder: reference, exit: 4 } };
    const results = await inAllDivisions('kl', { ...sides, continuations }, (item) => JSON.stringify(item));
    expectAlike(results, 14);
    expect(new Set(results[0]).size).toBe(14);
  });

  it('are equal: loglikelihoods', async () => {
    const keyed = continuations.map((one, index) => ({ ...one, responseKey: `${index}` }));
    const batches = [keyed.slice(0, 2), keyed.slice(2, 9), keyed.slice(9, 10), keyed.slice(10)];
    const results = await inAllDivisions(
      'loglikelihood',
      { folder, exit: 4, batchSize: 3, batches },
      (item) => JSON.stringify(item),
    );
    expectAlike(results, 4);
  });
});

describe('a job in several workers', () => {
  const TWO = { workers: 2, threads: 1 };

  it('throws when one of them ends; the other stops, and what was finished comes out', async () => {
    const seen: number[] = [];
    const read = async () => {
      for await (const { request } of runJob('generate', generating(600, 200), undefined, TWO)) {
        seen.push(request);
        // A message that is no job ends the thread, between two runs of ONNX Runtime.
        if (seen.length === 5) inferenceWorker(1).worker.postMessage({ name: 'no job' });
      }
    };
    await expect(read()).rejects.toThrow(TypeError);
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(seen.length).toBeLessThan(900);
    let count = 0;
    for await (const _ of runJob('generate', generating(6), undefined, TWO)) count++;
    expect(count).toBe(12);
  });

  it('is stopped in all of them by a signal, with its reason', async () => {
    const controller = new AbortController();
    let seen = 0;
    const read = async () => {
      for await (const _ of runJob('generate', generating(600, 200), controller.signal, TWO))
        if (++seen === 3) controller.abort(new Error('interrupted'));
    };
    await expect(read()).rejects.toThrow('interrupted');
    expect(seen).toBeLessThan(900);
    await expect(read()).rejects.toThrow('interrupted');
  });

  it('is stopped in all of them when the reader ends early', async () => {
    for await (const _ of runJob('generate', generating(600, 200), undefined, TWO)) break;
    let count = 0;
    for await (const _ of runJob('generate', generating(6), undefined, TWO)) count++;
    expect(count).toBe(12);
  });
});
