/** Our judge, decoding as PandaLM does, in the workers of a sweep. */
import { completionSettings } from '../../../src/judge/local-completer.ts';
import type { JudgeJob, JudgeResult } from '../types.ts';
import { runInWorkers } from './in-workers.ts';
import { serve } from './serve.ts';

await serve(async ({ model, prompts, beamRule, newTokens, batchSize }: JudgeJob): Promise<JudgeResult> => {
  const { workers, loadSeconds, seconds, items } = await runInWorkers('complete', {
    folder: model,
    settings: completionSettings({
      ...{ label: 'judge', decoding: 'beams', beamRule, batchSize },
      maxNewTokens: newTokens,
    }),
    prompts: prompts.map((text, tag) => ({ tag, text })),
  });
  const texts: string[] = [];
  for (const { tag, text } of items) texts[tag] = text ?? '';
  return {
    engine: `sorted-eval, ${workers === 1 ? '1 worker' : `${workers} workers`}`,
    loadSeconds,
    seconds,
    texts,
  };
});
