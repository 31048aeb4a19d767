/** Our decode speed at every exit, our prefill, and what the machine can do at most. */
import { prefill } from '../../../src/engine/forced/prefill.ts';
import { measureDecodeSpeed } from '../../../src/engine/greedy/decode-speed.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import type { SpeedJob, SpeedResult } from '../types.ts';
import { nextMessages, startWorkers } from './bench-workers.ts';
import type { DecodeWork } from './decode-worker.ts';
import { betterPeaks, measurePeaks } from './peaks.ts';
import { serve, timed } from './serve.ts';

await serve(async (job: SpeedJob): Promise<SpeedResult> => {
  const peaksBefore = await measurePeaks(job.threads);
  const network = await SegmentedModel.open(job.model);
  const { exits } = network.manifest;
  const speeds = [];
  for (const batchSize of job.batchSizes) {
    for (const exit of exits) {
      const seconds = await medianOf(job.repeats, async () => {
        const { tokens, durationMs } = await measureDecodeSpeed(network, job.promptIds, exit, {
          batchSize,
          steps: job.steps,
        });
        return durationMs / 1000 / tokens;
      });
      speeds.push({ exit, batchSize, tokensPerSecond: 1 / seconds });
    }
  }
  const pass = { segments: exits.length, from: job.promptIds.length - 1 };
  await prefill(network, [job.promptIds], pass);
  const prefillSeconds = await medianOf(
    job.repeats,
    async () => (await timed(() => prefill(network, [job.promptIds], pass))).seconds,
  );
  await network.close();
  const together = [];
  for (const batchSize of job.togetherSizes) {
    const tokensPerSecond = await medianOf(job.repeats, () => decodeTogether(job, batchSize));
    together.push({ batchSize, tokensPerSecond });
  }
  const peaks = betterPeaks(peaksBefore, await measurePeaks(job.threads));
  return { speeds, prefillSeconds, peaks, together };
});

/** Tokens a second of all workers together, which begin at the same time. */
async function decodeTogether(
  { model, promptIds, steps, threads }: SpeedJob,
  batchSize: number,
): Promise<number> {
  const workers = startWorkers(
    'decode-worker.ts',
    { model, promptIds, batchSize, steps } satisfies DecodeWork,
    threads,
  );
  await nextMessages(workers);
  for (const worker of workers) worker.postMessage('start');
  const speeds = await nextMessages<number>(workers);
  return speeds.reduce((sum, speed) => sum + speed, 0);
}

async function medianOf(repeats: number, measure: () => Promise<number>): Promise<number> {
  const values = [];
  for (let count = 0; count < repeats; count++) values.push(await measure());
  return values.sort((a, b) => a - b)[Math.floor(repeats / 2)]!;
}
