/** Our judge, decoding as PandaLM does. */
import { openLocalJudge } from '../../../src/judge/local-judge.ts';
import type { JudgeJob, JudgeResult } from '../types.ts';
import { serve, timed } from './serve.ts';

await serve(async (job: JudgeJob): Promise<JudgeResult> => {
  const opened = await timed(() =>
    openLocalJudge(job.model, {
      label: 'judge',
      decoding: 'beams',
      beamRule: job.beamRule,
      maxNewTokens: job.newTokens,
      batchSize: job.batchSize,
    }),
  );
  const texts: string[] = [];
  const { seconds } = await timed(async () => {
    const prompts = job.prompts.map((text, tag) => ({ tag, text }));
    for await (const reply of opened.value.ask(prompts)) {
      if ('error' in reply) throw new Error(reply.error);
      texts[reply.tag] = reply.rawText!;
    }
  });
  return { engine: 'sorted-eval', loadSeconds: opened.seconds, seconds, texts };
});
