/** One of the workers of `ours-speed.ts` that decode side by side, each with one thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { readPrompt, timeDecoding } from '../../../src/engine/greedy/decode-speed.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';

export interface DecodeWork {
  /** Model folder, decoded at full depth. */
  readonly model: string;
  readonly promptIds: readonly number[];
  readonly batchSize: number;
  readonly steps: number;
}

const { model: folder, promptIds, batchSize, steps } = workerData as DecodeWork;
const model = await SegmentedModel.open(folder, 1);
const exit = model.manifest.exits.at(-1)!;
const read = await readPrompt(model, promptIds, exit);
parentPort!.postMessage('open');
parentPort!.once('message', async () => {
  const { tokens, durationMs } = await timeDecoding(model, read, exit, { batchSize, steps });
  await model.close();
  parentPort!.postMessage((1000 * tokens) / durationMs);
  parentPort!.close();
});
