import { completeJob } from './complete-job.js';
import { generateJob } from './generate-job.js';
import { klJob } from './kl-job.js';
import { loglikelihoodJob } from './loglikelihood-job.js';
import { speedJob } from './speed-job.js';
/**
 * The worker's jobs: each opens what it needs, yields its results as they come, and closes all of it. Inputs and items are
 * plain data, since they cross between threads.
 */
export const jobs = {
    complete: completeJob,
    generate: generateJob,
    kl: klJob,
    loglikelihood: loglikelihoodJob,
    speed: speedJob,
};
