import type { Judge, JudgePrompt, JudgeReply } from '../judge/judge.ts';
import { describeLocalJudge, type LocalJudgeOptions } from '../judge/local-judge.ts';
import { runJob } from './run-job.ts';

/**
 * A judge that runs in the worker: the full depth of a model folder. It is loaded when it is asked.
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
  for await (const reply of runJob('judge', { folder, options, prompts: plain }, signal)) {
    yield { ...reply, tag: tags[reply.tag]! };
  }
}
