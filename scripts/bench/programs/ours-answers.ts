/** Our engine: all exits of all prompts in one run, in the workers of a sweep. */
import type { AnswerResult, OwnAnswerJob } from '../types.ts';
import { runInWorkers } from './in-workers.ts';
import { serve } from './serve.ts';

await serve(async (job: OwnAnswerJob): Promise<AnswerResult> => {
  const { exits, eosTokenIds } = job;
  const batchSize = job.batchSizes[0]!;
  const { workers, loadSeconds, seconds, items } = await runInWorkers('generate', {
    folder: job.models[exits[0]!]!,
    requests: job.texts.map((text) => ({ prompt: { text }, exits })),
    settings: { maxNewTokens: job.newTokens, eosTokenIds, batchSize },
  });
  const answers = Object.fromEntries(exits.map((exit) => [exit, [] as (readonly number[])[]]));
  for (const { request, exit, tokenIds } of items) answers[exit]![request] = tokenIds;
  return { engine: `sorted-eval, ${workers} workers`, batchSize, trials: [], loadSeconds, seconds, answers };
});
