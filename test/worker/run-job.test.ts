import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { inferenceWorker } from '../../src/worker/inference-worker.ts';
import type { GeneratedResponse, GenerateInput } from '../../src/worker/jobs/generate-job.ts';
import type { JobInput } from '../../src/worker/jobs/jobs.ts';
import { speedJob } from '../../src/worker/jobs/speed-job.ts';
import { runJob } from '../../src/worker/run-job.ts';
import { answers } from '../support/decode.ts';
import { inputErrorOf } from '../support/failure.ts';
import { importRandomModel, openRandomNetwork } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const EXITS = [1, 2, 4];
let folder: string;
let input: GenerateInput;

beforeAll(() => {
  folder = importRandomModel(root, 'model', { exits: EXITS, contextLength: 640 }).modelFolder;
  const requests = ['one', 'another', 'a third'].map((text) => ({ prompt: { text }, exits: EXITS }));
  input = { folder, requests, settings: { maxNewTokens: 12, batchSize: 4 } };
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** As long a job as is wanted: an empty continuation is an item at once. */
const emptyContinuations = (count: number): JobInput<'kl'> => ({
  model: { folder, exits: EXITS },
  reference: { folder, exit: 4 },
  continuations: Array.from({ length: count }, () => ({ context: [1], continuation: [] })),
});

describe('a job in the worker', () => {
  it('gives the results that it gives in this thread, where ONNX Runtime need not be loaded', async () => {
    const answered = await all(runJob('generate', input));
    const isLoaded = Object.keys(createRequire(import.meta.url).cache).some((path) =>
      path.includes('onnxruntime'),
    );
    expect(isLoaded).toBe(false);
    const { network } = await openRandomNetwork(root, 'here', { exits: EXITS, contextLength: 640 });
    const { encode, decode } = openTokenizer(folder);
    const prompts = input.requests.map(({ prompt, exits }, tag) => ({
      tag: `${tag}`,
      ids: encode(prompt.text),
      exits,
    }));
    const { eosTokenIds } = network.manifest;
    const expected = await answers(network, prompts, { ...input.settings, eosTokenIds });
    await network.close();
    const keyOf = ({ request, exit }: GeneratedResponse) => `${request}@${exit}`;
    expect(answered.map(keyOf).sort()).toEqual([...expected.keys()].sort());
    for (const answer of answered) {
      const { tokenIds, stopReason, promptTokens } = expected.get(keyOf(answer))!;
      expect(answer).toMatchObject({ tokenIds, stopReason, promptTokens, text: decode(tokenIds) });
    }
  });

  it('tells once that its batch shrinks to what memory holds, and nothing else', async () => {
    const notesOf = async (batchSize: number) => {
      const notes: string[] = [];
      const settings = { ...input.settings, batchSize };
      const watched = { workers: 1, note: (text: string) => notes.push(text) };
      await all(runJob('generate', { ...input, settings }, undefined, watched));
      return notes;
    };
    expect(await notesOf(4)).toEqual([]);
    expect(await notesOf(1e9)).toEqual([
      expect.stringMatching(/^Memory holds batches of \d+ rows, not of 1000000000: slower, with the same/),
    ]);
  });

  it('goes on as its items are taken, however many there are', async () => {
    expect(await all(runJob('kl', emptyContinuations(2000)))).toHaveLength(2000);
  });

  it('runs beside others', async () => {
    const [first, second] = await Promise.all([
      all(runJob('generate', input)),
      all(runJob('kl', emptyContinuations(300))),
    ]);
    expect([first.length, second.length]).toEqual([9, 300]);
  });

  it('ends when its reader does, and the next one starts', async () => {
    for await (const _ of runJob('kl', emptyContinuations(2000))) break;
    expect(await all(runJob('generate', input))).toHaveLength(9);
  });

  it('is stopped by a signal, with its reason, after what was finished', async () => {
    const controller = new AbortController();
    let taken = 0;
    const run = async () => {
      for await (const _ of runJob('kl', emptyContinuations(5000), controller.signal)) {
        if (++taken === 3) controller.abort(new Error('interrupted'));
      }
    };
    await expect(run()).rejects.toThrow('interrupted');
    expect(taken).toBeLessThan(1000);
    await expect(all(runJob('generate', input, controller.signal))).rejects.toThrow('interrupted');
  });

  it.each([true, false])(
    'times models in their turns, each open from turn to turn: %s',
    async (keepsOpen) => {
      const other = importRandomModel(root, `other-${keepsOpen}`, { exits: [2], layers: 2 }).modelFolder;
      const turn = (of: string, tags: readonly number[], exit: number) => ({
        ...{ folder: of, promptIds: [1, 2, 3] },
        timings: tags.map((tag) => ({ tag, exit, batchSize: 1 + (tag % 2), steps: 2 })),
      });
      const pieces = [turn(folder, [0, 1], 4), turn(other, [2], 2), turn(folder, [3, 4], 1)];
      const { signal } = new AbortController();
      const timed = await all(speedJob.run({ keepsOpen }, { pieces, threads: 1, signal }));
      expect(timed.map(({ tag, tokens }) => [tag, tokens])).toEqual([
        [0, 2],
        [1, 4],
        [2, 2],
        [3, 4],
        [4, 2],
      ]);
      expect(timed.every(({ durationMs }) => durationMs > 0)).toBe(true);
    },
  );

  it('throws bad input as the error that it is, with all of its parts', async () => {
    const nowhere = join(root, 'nowhere');
    const error = await inputErrorOf(() =>
      all(runJob('speed', { turns: [{ folder: nowhere, promptIds: [1], timings: [] }] })),
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error.where).toContain(nowhere);
    expect(error.message).toContain(`expected ${error.expected}, found ${error.found}. ${error.fix}`);
  });

  it('throws a bug with the stack that it has in the worker', async () => {
    const work = { folder, exit: 4, batchSize: 2, batches: [null as never] };
    const error = await all(runJob('loglikelihood', work)).catch((cause) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toMatch(
      /TypeError: [^\n]+\n +at measure .*loglikelihood-job\.[jt]s[\s\S]*async serve/,
    );
  });

  it('throws when the worker ends, and the next one starts in a new worker', async () => {
    const job = all(runJob('generate', { ...input, settings: { maxNewTokens: 600, batchSize: 1 } }));
    await inferenceWorker().worker.terminate();
    await expect(job).rejects.toThrow('the inference worker ended with code 1');
    expect(await all(runJob('generate', input))).toHaveLength(9);
  });
});
