import type { Continuation } from '../../engine/forced/continuation.ts';
import { readHead } from '../../engine/forced/head-in-memory.ts';
import { LoglikelihoodMeter, meanLogProbabilities, type Scorer } from '../../engine/forced/loglikelihood.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import { headBytes } from './head-bytes.ts';
import type { Job } from './job.ts';

/** A response after the prompt that it answers. */
export interface KeyedContinuation extends Continuation {
  readonly responseKey: string;
}

export interface LoglikelihoodInput {
  /** Model folder of the scorer, and its exit. */
  readonly folder: string;
  readonly exit: number;
  /** Continuations that go through the layers together. */
  readonly batchSize: number;
  /** What is measured together and comes out together. */
  readonly batches: readonly Batch[];
}

type Batch = readonly KeyedContinuation[];
type Common = Omit<LoglikelihoodInput, 'batches'>;

export interface Loglikelihood {
  readonly responseKey: string;
  /** Of the response, as far as the scorer's context goes. */
  readonly tokens: number;
  /** In nats a token; null for a response without tokens, or without room. */
  readonly meanLogProbability: number | null;
}

/** The mean log-probability of every response under the scorer, given its prompt; batch by batch. */
export const loglikelihoodJob: Job<LoglikelihoodInput, Common, Batch, Loglikelihood[]> = {
  demand: ({ folder, exit, batches }) => ({
    count: batches.length,
    folders: [folder],
    workerBytes: headBytes(folder, [exit]),
    cacheBytes: 0,
  }),
  split: ({ batches, ...common }) => ({ common, pieces: batches }),
  async *run({ folder, exit, batchSize }, { pieces, threads, signal }) {
    const model = await SegmentedModel.open(folder, threads);
    try {
      const meter = await LoglikelihoodMeter.open(readHead(folder, model.manifest, exit), threads);
      try {
        for (const batch of pieces) {
          signal.throwIfAborted();
          yield await measure({ model, exit, meter }, batch, batchSize);
        }
      } finally {
        await meter.close();
      }
    } finally {
      await model.close();
    }
  },
};

/** Equal responses of different sub-models are measured once. */
async function measure(scorer: Scorer, batch: Batch, batchSize: number): Promise<Loglikelihood[]> {
  const { contextLength } = scorer.model.manifest.architecture;
  const truncated = batch.map((one) => {
    const room = Math.max(0, contextLength - one.context.length + 1);
    return { ...one, continuation: one.continuation.slice(0, room) };
  });
  const distinct = new Map(
    truncated.filter(({ continuation }) => continuation.length > 0).map((one) => [idsOf(one), one]),
  );
  const means = await meanLogProbabilities(scorer, [...distinct.values()], batchSize);
  const meanOf = new Map([...distinct.keys()].map((ids, index) => [ids, means[index]!]));
  return truncated.map((one) => ({
    responseKey: one.responseKey,
    tokens: one.continuation.length,
    meanLogProbability: meanOf.get(idsOf(one)) ?? null,
  }));
}

const idsOf = ({ context, continuation }: Continuation): string => `${context.join()} ${continuation.join()}`;
