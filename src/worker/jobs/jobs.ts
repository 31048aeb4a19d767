import { answerJob } from './answer-job.ts';
import { completeJob } from './complete-job.ts';
import { klJob } from './kl-job.ts';
import { likelihoodJob } from './likelihood-job.ts';
import { speedJob } from './speed-job.ts';

/**
 * What the worker can do: each opens what it needs, gives its results as they come, and closes all of it. Inputs and
 * items are plain data, since they cross between threads.
 */
export const jobs = {
  answer: answerJob,
  complete: completeJob,
  kl: klJob,
  likelihood: likelihoodJob,
  speed: speedJob,
};

type Jobs = typeof jobs;
export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Parameters<Jobs[Name]>[0];
export type JobItem<Name extends JobName> =
  ReturnType<Jobs[Name]> extends AsyncGenerator<infer Item> ? Item : never;
