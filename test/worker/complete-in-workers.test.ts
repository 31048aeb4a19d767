import { beforeAll, describe, expect, it } from 'vitest';
import { openCompleter } from '../../src/engine/complete.ts';
import { completeInWorkers, sharePrompts } from '../../src/worker/complete-in-workers.ts';
import type { CompleteInput } from '../../src/worker/jobs/complete-job.ts';
import { runParts } from '../../src/worker/run-parts.ts';
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
  completions: AsyncIterable<{ tag: number; text: string }>,
): Promise<[number, string][]> {
  const texts: [number, string][] = [];
  for await (const { tag, text } of completions) texts.push([tag, text]);
  return texts.sort(([a], [b]) => a - b);
}

describe('prompts shared between workers', () => {
  it('go to each with their neighbours, and with a part of batch and memory', () => {
    const parts = sharePrompts(input, 2);
    expect(parts.map(({ prompts }) => prompts.length)).toEqual([128 + 44, 128]);
    const tags = parts.flatMap(({ prompts }) => prompts.map(({ tag }) => tag));
    expect(tags.sort((a, b) => a - b)).toEqual([...input.prompts.keys()]);
    expect(parts[0]!.settings).toEqual({ ...settings, batchSize: 8, memoryMB: 32, threads: 1 });
  });

  it('stay with one worker where there are few prompts, or one core', () => {
    expect(sharePrompts({ ...input, prompts: input.prompts.slice(0, 100) }, 2)).toHaveLength(1);
    expect(sharePrompts(input, 1)).toEqual([input]);
  });

  it('get the same texts as in this thread', async () => {
    const completer = await openCompleter(input.folder, settings);
    const expected = await textsOf(completer.complete(input.prompts));
    await completer.close();
    expect(expected).toHaveLength(300);
    expect(await textsOf(runParts('complete', sharePrompts(input, 2)))).toEqual(expected);
    expect(await textsOf(completeInWorkers(input.folder, settings, input.prompts))).toEqual(expected);
  });

  it('come back under tags that do not cross between threads', async () => {
    const tag = () => 'a function cannot be cloned';
    const completions = completeInWorkers(input.folder, settings, [{ tag, text: 'One.' }]);
    expect((await completions.next()).value?.tag).toBe(tag);
    await completions.return(undefined);
  });

  it('fail when one part fails, and stop when they are interrupted', async () => {
    const [first, second] = sharePrompts(input, 2);
    const failing = [first!, { ...second!, folder: `${root}/nobody` }];
    const error = await inputErrorOf(() => textsOf(runParts('complete', failing)));
    expect(error.code).toBe('not-found');
    const aborted = AbortSignal.abort(new Error('enough'));
    const stopped = runParts('complete', sharePrompts(input, 2), aborted);
    await expect(textsOf(stopped)).rejects.toThrow('enough');
    expect(await textsOf(runParts('complete', sharePrompts(input, 2)))).toHaveLength(300);
  });
});
