import type { AnswerJob, AnswerResult } from '../types.ts';
import { timed } from './serve.ts';

const TRIAL_PROMPTS = 32;
const TRIAL_TOKENS = 8;

/** One sub-model that is open. */
export interface Answerer {
  /** Greedy answers of prompts, in their order, so many at a time. */
  answer(prompts: AnswerJob['prompts'], newTokens: number, batchSize: number): Promise<number[][]>;
  close(): Promise<void>;
}

/** Answers at every exit, one sub-model after the other, at the batch size that was fastest in a short trial. */
export async function answerExitByExit(
  engine: string,
  job: AnswerJob,
  open: (path: string) => Promise<Answerer>,
): Promise<AnswerResult> {
  let trials: AnswerResult['trials'] = [];
  let batchSize = job.batchSizes[0]!;
  let loadSeconds = 0;
  const answers: Record<number, number[][]> = {};
  const secondsByExit: Record<number, number> = {};
  for (const exit of job.exits) {
    const opened = await timed(() => open(job.models[exit]!));
    loadSeconds += opened.seconds;
    if (exit === job.exits[0]) {
      trials = await tryBatchSizes(opened.value, job);
      batchSize = fastest(trials);
    }
    const run = await timed(() => opened.value.answer(job.prompts, job.newTokens, batchSize));
    answers[exit] = run.value;
    secondsByExit[exit] = run.seconds;
    await opened.value.close();
  }
  const seconds = Object.values(secondsByExit).reduce((sum, value) => sum + value, 0);
  return { engine, batchSize, trials, loadSeconds, seconds, secondsByExit, answers };
}

async function tryBatchSizes(answerer: Answerer, job: AnswerJob): Promise<AnswerResult['trials']> {
  const prompts = job.prompts.slice(0, Math.max(TRIAL_PROMPTS, ...job.batchSizes));
  await answerer.answer(prompts.slice(0, 4), 2, 4);
  const trials = [];
  for (const batchSize of job.batchSizes) {
    const { seconds } = await timed(() => answerer.answer(prompts, TRIAL_TOKENS, batchSize));
    trials.push({ batchSize, seconds });
  }
  return trials;
}

function fastest(trials: AnswerResult['trials']): number {
  return trials.reduce((best, trial) => (trial.seconds < best.seconds ? trial : best)).batchSize;
}

/** Batches of prompts of like length, so that little is padded; each with the prompts' places. */
export function batchesByLength(prompts: AnswerJob['prompts'], batchSize: number) {
  const sorted = [...prompts.entries()].sort(([, a], [, b]) => a.length - b.length);
  const batches = [];
  for (let start = 0; start < sorted.length; start += batchSize) {
    const batch = sorted.slice(start, start + batchSize);
    batches.push({ places: batch.map(([place]) => place), prompts: batch.map(([, ids]) => ids) });
  }
  return batches;
}
