import { completeJob } from './complete-job.ts';
import { generateJob } from './generate-job.ts';
import { klJob } from './kl-job.ts';
import { loglikelihoodJob } from './loglikelihood-job.ts';
import { speedJob } from './speed-job.ts';

export const jobs = {
  complete: completeJob,
  generate: generateJob,
  kl: klJob,
  loglikelihood: loglikelihoodJob,
  speed: speedJob,
};

type Jobs = typeof jobs;
export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Parameters<Jobs[Name]['split']>[0];
export type JobItem<Name extends JobName> =
  ReturnType<Jobs[Name]['run']> extends AsyncGenerator<infer Item> ? Item : never;
