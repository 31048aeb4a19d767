import type { JudgePrompt, JudgeReply } from '../../judge/judge.ts';
import { type LocalJudgeOptions, openLocalJudge } from '../../judge/local-judge.ts';

export interface JudgeInput {
  /** Model folder. */
  readonly folder: string;
  readonly options: LocalJudgeOptions;
  /** Tagged with their index. */
  readonly prompts: readonly JudgePrompt<number>[];
}

/** What the judge writes, in the order in which it ends. */
export async function* judgeJob(
  { folder, options, prompts }: JudgeInput,
  signal: AbortSignal,
): AsyncGenerator<JudgeReply<number>> {
  const judge = await openLocalJudge(folder, options);
  try {
    yield* judge.ask(prompts, signal);
  } finally {
    await judge.close();
  }
}
