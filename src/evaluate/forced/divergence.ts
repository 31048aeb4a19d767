/** KL along what a reference wrote: in worker threads, or on the server that has both models. */

import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Instruction } from '../../core/domain.ts';
import type { KlContinuation } from '../../engine/forced/measure-divergence.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import type { FolderModel } from '../../sources/folder-source.ts';
import { servedDivergences } from '../../sources/served/served-divergences.ts';
import { isServedModel, type ServedModel } from '../../sources/served/served-model.ts';
import type { runJob } from '../../worker/run-job.ts';
import { modelPrompt } from '../plan/model-prompts.ts';
import type { Curve } from '../plan/plan-curves.ts';

/** One response of the reference, along which all exits of a curve's model are measured. */
export interface ForcedResponse {
  readonly instruction: Instruction;
  /** Tokens of the response; at least one. */
  readonly ids: readonly number[];
}

/** `response`: its index. `klNats`: [the model's exits][positions]. */
export type Divergence =
  | { readonly response: number; readonly klNats: readonly (readonly number[])[] }
  | { readonly response: number; readonly error: string };

interface DivergenceSettings {
  readonly generation: SweepConfig['generation'];
  readonly job: typeof runJob;
}

/**
 * KL(reference ‖ sub-model) at every position, in any order. One pass serves all exits of a model.
 * @throws the signal's reason when it is aborted
 */
export function divergencesOf(
  curve: Curve,
  responses: readonly ForcedResponse[],
  settings: DivergenceSettings,
  signal?: AbortSignal,
): AsyncGenerator<Divergence> {
  const { model, reference } = curve;
  if (isServedModel(model) && isServedModel(reference))
    return onServer({ ...curve, model, reference }, responses, settings, signal);
  const local = { ...curve, model: model as FolderModel, reference: reference as FolderModel };
  return inWorkers(local, responses, settings, signal);
}

type Between<Model> = Curve & { readonly model: Model; readonly reference: Model };

async function* inWorkers(
  curve: Between<FolderModel>,
  responses: readonly ForcedResponse[],
  { generation, job }: DivergenceSettings,
  signal?: AbortSignal,
): AsyncGenerator<Divergence> {
  const { model, reference, referenceExit } = curve;
  const sides = {
    model: { folder: model.folder, exits: model.exits },
    reference: { folder: reference.folder, exit: referenceExit },
  };
  const continuations = responses.map((response) => continuationOf(curve, response, generation));
  for await (const { continuation, klNats } of job('kl', { ...sides, continuations }, signal))
    yield { response: continuation, klNats };
}

/** As much of the reference's response as is measured. Each of the two reads its own prompt before it. */
function continuationOf(
  { model, reference, positions }: Between<FolderModel>,
  { instruction, ids }: ForcedResponse,
  generation: SweepConfig['generation'],
): KlContinuation {
  const contextOf = (read: FolderModel) =>
    encodePrompt(read.tokenizer, modelPrompt(read, instruction, generation).prompt);
  const [context, referenceContext] = [contextOf(model), contextOf(reference)];
  // The reference may have a longer context than the model.
  const room = model.manifest.architecture.contextLength - context.length + 1;
  const continuation = ids.slice(0, Math.max(0, Math.min(positions, room)));
  return { context, continuation, ...(String(context) !== String(referenceContext) && { referenceContext }) };
}

function onServer(
  { model, reference, referenceExit, positions }: Between<ServedModel>,
  responses: readonly ForcedResponse[],
  { generation }: DivergenceSettings,
  signal?: AbortSignal,
): AsyncGenerator<Divergence> {
  const promptOf = (read: ServedModel, { instruction }: ForcedResponse) =>
    modelPrompt(read, instruction, generation).prompt.text;
  const asked = responses.map((response) => ({
    prompt: promptOf(model, response),
    referencePrompt: promptOf(reference, response),
    continuation: response.ids.slice(0, positions),
  }));
  const sides = { model: model.served, exits: model.exits, reference: reference.served, referenceExit };
  return servedDivergences(sides, asked, signal);
}
