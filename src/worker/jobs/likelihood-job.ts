import { readHead } from '../../engine/forced/kl-divergence.ts';
import { LikelihoodMeter, meanLogProbabilities } from '../../engine/forced/log-likelihood.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';

/** The different answers to one instruction: token ids by response key. */
export interface AnsweredQuestion {
  readonly promptIds: readonly number[];
  readonly answers: ReadonlyMap<string, readonly number[]>;
}

export interface LikelihoodInput {
  /** Model folder of the reference, and its exit. */
  readonly folder: string;
  readonly exit: number;
  readonly batchSize: number;
  /** Questions that are read together, and come out together. */
  readonly units: readonly (readonly AnsweredQuestion[])[];
}

export interface Likelihood {
  readonly responseKey: string;
  /** Of the answer, as far as the reference's context goes. */
  readonly tokens: number;
  /** In nats a token; null for an answer without tokens, or without room. */
  readonly meanLogProbability: number | null;
}

interface Instruments {
  readonly model: SegmentedModel;
  readonly meter: LikelihoodMeter;
  readonly segments: number;
  readonly batchSize: number;
}

/** How likely the reference finds every answer, given its prompt; unit by unit. */
export async function* likelihoodJob(
  { folder, exit, batchSize, units }: LikelihoodInput,
  signal: AbortSignal,
): AsyncGenerator<Likelihood[]> {
  const model = await SegmentedModel.open(folder);
  const segments = model.manifest.exits.indexOf(exit) + 1;
  try {
    const meter = await LikelihoodMeter.open(readHead(folder, model.manifest, exit));
    try {
      for (const unit of units) {
        signal.throwIfAborted();
        yield await measure({ model, meter, segments, batchSize }, unit);
      }
    } finally {
      await meter.close();
    }
  } finally {
    await model.close();
  }
}

/** Equal answers of different sub-models are asked about once. */
async function measure(
  { model, meter, segments, batchSize }: Instruments,
  questions: readonly AnsweredQuestion[],
): Promise<Likelihood[]> {
  const { contextLength } = model.manifest.architecture;
  const asked = questions.map(({ promptIds, answers }) => {
    const room = Math.max(0, contextLength - promptIds.length + 1);
    const cut = [...answers].map(([responseKey, ids]) => ({ responseKey, ids: ids.slice(0, room) }));
    const different = new Map(cut.filter(({ ids }) => ids.length > 0).map(({ ids }) => [ids.join(), ids]));
    return { cut, texts: [...different.keys()], promptIds, answers: [...different.values()] };
  });
  const prompts = asked.filter(({ answers }) => answers.length > 0);
  const means = await meanLogProbabilities(model, meter, prompts, { segments, batchSize });
  return asked.flatMap((question) => {
    const { cut, texts } = question;
    const own = means[prompts.indexOf(question)] ?? [];
    const meanOf = new Map(texts.map((text, index) => [text, own[index]!]));
    return cut.map(({ responseKey, ids }) => ({
      responseKey,
      tokens: ids.length,
      meanLogProbability: meanOf.get(ids.join()) ?? null,
    }));
  });
}
