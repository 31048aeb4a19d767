import { beforeAll, describe, expect, it } from 'vitest';
import { openLocalJudge } from '../../src/judge/local-judge.ts';
import { runParts } from '../../src/worker/in-workers.ts';
import type { JudgeInput } from '../../src/worker/jobs/judge-job.ts';
import { shareOut } from '../../src/worker/worker-judge.ts';
import { inputErrorOf } from '../support/failure.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const options = { label: 'judge', decoding: 'beams', maxNewTokens: 4, batchSize: 16, memoryMB: 64 } as const;
let input: JudgeInput;

beforeAll(() => {
  const { modelFolder: folder } = importRandomModel(root, 'judge', { contextLength: 200 });
  const prompts = Array.from({ length: 300 }, (_, tag) => ({ tag, text: `Judge ${tag % 37}.` }));
  input = { folder, options, prompts };
});

async function textsOf(parts: readonly JudgeInput[], signal?: AbortSignal): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  for await (const reply of runParts('judge', parts, signal)) {
    if (!('rawText' in reply)) throw new Error('a local judge answers every prompt');
    texts.set(reply.tag, reply.rawText);
  }
  return texts;
}

describe('a job shared between workers', () => {
  it('gives each its prompts, neighbours together, and its part of batch and memory', () => {
    const parts = shareOut(input, 2);
    expect(parts.map(({ prompts }) => prompts.length)).toEqual([128 + 44, 128]);
    expect(parts.flatMap(({ prompts }) => prompts.map(({ tag }) => tag)).sort((a, b) => a - b)).toEqual([
      ...input.prompts.keys(),
    ]);
    expect(parts[0]!.options).toEqual({ ...options, batchSize: 8, memoryMB: 32, threads: 1 });
  });

  it('is left to one where there is little to do, or one core', () => {
    expect(shareOut({ ...input, prompts: input.prompts.slice(0, 100) }, 2)).toHaveLength(1);
    expect(shareOut(input, 1)).toEqual([input]);
  });

  it('gives the same answers as in this thread', async () => {
    const judge = await openLocalJudge(input.folder, options);
    const expected = new Map<number, string>();
    for await (const reply of judge.ask(input.prompts)) {
      if ('rawText' in reply) expected.set(reply.tag, reply.rawText);
    }
    await judge.close();
    const found = await textsOf(shareOut(input, 2));
    expect([...found].sort(([a], [b]) => a - b)).toEqual([...expected].sort(([a], [b]) => a - b));
  });

  it('fails when one part fails, and stops when it is interrupted', async () => {
    const [first, second] = shareOut(input, 2);
    const failing = [first!, { ...second!, folder: `${root}/nobody` }];
    expect((await inputErrorOf(() => textsOf(failing))).code).toBe('not-found');
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(textsOf(shareOut(input, 2), aborted)).rejects.toThrow('enough');
    expect((await textsOf(shareOut(input, 2))).size).toBe(300);
  });
});
