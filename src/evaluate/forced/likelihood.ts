/** Loglikelihood of responses under a scorer: in worker threads, or on its server. */

import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Instruction } from '../../core/domain.ts';
import { groupedBy } from '../../core/grouped-by.ts';
import { batchesOf, MAX_PASS_TOKENS } from '../../engine/session/batches.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import type { FolderModel } from '../../sources/folder-source.ts';
import { servedLikelihoods } from '../../sources/served/served-likelihoods.ts';
import { isServedModel, type ServedModel } from '../../sources/served/served-model.ts';
import type { KeyedContinuation, Loglikelihood } from '../../worker/jobs/loglikelihood-job.ts';
import type { runJob } from '../../worker/run-job.ts';
import { byInstruction } from '../plan/by-instruction.ts';
import { modelPrompt } from '../plan/model-prompts.ts';
import type { Scorer } from '../plan/plan-scorer.ts';
import type { Failure } from '../stage.ts';

export interface ScoredResponse {
  readonly instruction: Instruction;
  readonly responseKey: string;
  /** At least one. */
  readonly tokenIds: readonly number[];
}

interface LikelihoodSettings {
  readonly generation: SweepConfig['generation'];
  readonly job: typeof runJob;
}

/** In units that are stored together. */
export function likelihoodsOf(
  { model, exit }: Scorer,
  responses: readonly ScoredResponse[],
  settings: LikelihoodSettings,
  signal?: AbortSignal,
): AsyncGenerator<readonly (Loglikelihood | Failure)[]> {
  if (isServedModel(model)) return onServer(model, exit, responses, settings, signal);
  const { generation, job } = settings;
  const instruments = { folder: model.folder, exit, batchSize: generation.batchSize };
  return job('loglikelihood', { ...instruments, batches: batchesFor(responses, model, generation) }, signal);
}

/** What is measured and stored together: the responses to instructions whose prompts fit into one pass. */
function batchesFor(
  responses: readonly ScoredResponse[],
  model: FolderModel,
  generation: SweepConfig['generation'],
): KeyedContinuation[][] {
  const groups = byInstruction(responses).map((own) => {
    const { prompt } = modelPrompt(model, own[0]!.instruction, generation);
    const context = encodePrompt(model.tokenizer, prompt);
    return own.map(({ responseKey, tokenIds }) => ({ responseKey, context, continuation: tokenIds }));
  });
  const tokensOf = ([first]: readonly KeyedContinuation[]) => first!.context.length;
  return [...batchesOf(groups, { tokensOf, maxTokens: MAX_PASS_TOKENS })].map((batch) => batch.flat());
}

async function* onServer(
  model: ServedModel,
  exit: number,
  responses: readonly ScoredResponse[],
  { generation }: LikelihoodSettings,
  signal?: AbortSignal,
): AsyncGenerator<readonly (Loglikelihood | Failure)[]> {
  const asked = distinct(responses).map((same) => ({
    tag: same,
    prompt: modelPrompt(model, same[0]!.instruction, generation).prompt.text,
    continuation: same[0]!.tokenIds,
  }));
  for await (const { tag, ...reply } of servedLikelihoods(model.served, exit, asked, signal)) {
    yield tag.map(({ responseKey, tokenIds }) => {
      if ('error' in reply) return reply;
      const sum = reply.nats.reduce((all, one) => all + one, 0);
      return { responseKey, tokens: tokenIds.length, meanLogProbability: sum / tokenIds.length };
    });
  }
}

/** Equal responses to an instruction are measured once. */
function distinct(responses: readonly ScoredResponse[]): (readonly ScoredResponse[])[] {
  return groupedBy(responses, ({ instruction, tokenIds }) => `${instruction.id} ${tokenIds.join()}`);
}
