import { availableParallelism } from 'node:os';
import { DEFAULT_MEMORY_MB } from '../engine/cache/memory-budget.ts';
import type { Judge, JudgePrompt, JudgeReply } from '../judge/judge.ts';
import { describeLocalJudge, type LocalJudgeOptions } from '../judge/local-judge.ts';
import { readManifest } from '../model/folder/read-manifest.ts';
import { runParts } from './in-workers.ts';
import type { JudgeInput } from './jobs/judge-job.ts';

/** The steps of a smaller judge are too short to be shared between cores; prompts are shared instead. */
const MAX_SMALL_BYTES = 64e6;
/** Prompts that stay together, since neighbours begin alike. */
const NEIGHBOURS = 128;

/**
 * A judge that runs in workers: the full depth of a model folder. It is loaded when it is asked.
 * @throws InputError when the folder does not fit
 */
export async function openJudgeInWorker(folder: string, options: LocalJudgeOptions): Promise<Judge> {
  return {
    ...(await describeLocalJudge(folder, options)),
    ask: (prompts, signal) => ask(folder, options, prompts, signal),
    close: async () => {},
  };
}

async function* ask<Tag>(
  folder: string,
  options: LocalJudgeOptions,
  prompts: Iterable<JudgePrompt<Tag>>,
  signal?: AbortSignal,
): AsyncGenerator<JudgeReply<Tag>> {
  const tags: Tag[] = [];
  const plain: JudgePrompt<number>[] = [];
  for (const { tag, text, pair } of prompts) {
    plain.push({ tag: tags.length, text, ...(pair && { pair }) });
    tags.push(tag);
  }
  if (plain.length === 0) return;
  const parts = shareOut({ folder, options, prompts: plain }, workersFor(folder));
  for await (const reply of runParts('judge', parts, signal)) yield { ...reply, tag: tags[reply.tag]! };
}

/** One for each core where the judge is small, else one that uses all cores. */
function workersFor(folder: string): number {
  const files = Object.values(readManifest(folder).files);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return bytes <= MAX_SMALL_BYTES ? availableParallelism() : 1;
}

/** For each worker its prompts, and its share of batch and memory. */
export function shareOut(input: JudgeInput, workers: number): JudgeInput[] {
  const { prompts, options } = input;
  const count = Math.min(workers, Math.ceil(prompts.length / NEIGHBOURS));
  if (count <= 1) return [input];
  const memoryMB = Math.max(1, Math.floor((options.memoryMB ?? DEFAULT_MEMORY_MB) / count));
  const batchSize = Math.ceil(options.batchSize / count);
  return Array.from({ length: count }, (_, worker) => ({
    ...input,
    options: { ...options, batchSize, memoryMB, threads: 1 },
    prompts: prompts.filter((_, index) => Math.floor(index / NEIGHBOURS) % count === worker),
  }));
}
