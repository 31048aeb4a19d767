/** Our engine: all exits of all prompts in one run. */
import { generate } from '../../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import type { AnswerJob, AnswerResult } from '../types.ts';
import { serve, timed } from './serve.ts';

await serve(async (job: AnswerJob): Promise<AnswerResult> => {
  const opened = await timed(() => SegmentedModel.open(job.models[job.exits[0]!]!));
  const answers = Object.fromEntries(job.exits.map((exit) => [exit, [] as (readonly number[])[]]));
  const batchSize = job.batchSizes[0]!;
  const settings = { maxNewTokens: job.newTokens, eosTokenIds: job.eosTokenIds, batchSize };
  const prompts = job.prompts.map((ids, tag) => ({ tag, ids, exits: job.exits }));
  const { seconds } = await timed(async () => {
    for await (const { tag, exit, tokenIds } of generate(opened.value, prompts, settings)) {
      answers[exit]![tag] = tokenIds;
    }
  });
  return { engine: 'sorted-eval', batchSize, trials: [], loadSeconds: opened.seconds, seconds, answers };
});
