import { completeJob } from './complete-job.ts';
import { generateJob } from './generate-job.ts';
import { klJob } from './kl-job.ts';
import { loglikelihoodJob } from './loglikelihood-job.ts';
import { speedJob } from './speed-job.ts';

/**
 * The worker's jobs: each opens what it needs, yields its results as they come, and closes all of it. Inputs
 * and items are plain data, since they cross between threads.
 */
export const jobs = {
  complete: completeJob,
  generate: generateJob,
  kl: klJob,
  loglikelihood: loglikelihoodJob,
  speed: speedJob,
};

type Jobs = typeof jobs;
export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Parameters<Jobs[Name]>[0];
export type JobItem<Name extends JobName> =
  ReturnType<Jobs[Name]> extends AsyncGenerator<infer Item> ? Item : never;
