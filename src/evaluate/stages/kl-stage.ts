import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Instruction } from '../../core/domain.ts';
import type { KlContinuation } from '../../engine/forced/measure-divergence.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import type { FolderModel } from '../../sources/folder-source.ts';
import type { KlMapping, KlParts, KlRecord } from '../../store/tables/kl-table.ts';
import { klKey, knownKlKeys, saveKl } from '../../store/tables/kl-table.ts';
import { jobRunner, type WorkerOptions } from '../../worker/job-runner.ts';
import type { runJob } from '../../worker/run-job.ts';
import { modelPrompt } from '../plan/model-prompts.ts';
import type { Curve } from '../plan/plan-comparisons.ts';
import { readStoredResponses } from '../plan/response-texts.ts';
import type { ConfigContext } from '../plan/run-context.ts';
import { runStage, type Stage, type StageContext } from '../stage.ts';

export type KlContext = StageContext &
  WorkerOptions &
  ConfigContext<'generation'> & { readonly curves: readonly Curve[] };

/** One instruction of a curve: what both sides are forced along, and a point for each exit. */
interface Pass {
  readonly continuation: () => KlContinuation;
  readonly points: readonly (KlMapping & KlParts)[];
}

/** KL(reference ‖ sub-model) along the reference's greedy response; one teacher-forced pass serves all exits of a model. */
export async function klStage(context: KlContext, job = jobRunner(context)): Promise<void> {
  for (const curve of context.curves) await runStage(stageOf(context, curve, job), context);
}

function stageOf(context: KlContext, curve: Curve, job: typeof runJob) {
  const { store, run } = context;
  const { model, reference, referenceExit } = curve;
  const sides = {
    model: { folder: model.folder, exits: model.exits },
    reference: { folder: reference.folder, exit: referenceExit },
  };
  return {
    label: `KL: ${model.label} from ${reference.label}@${referenceExit}`,
    items: planPasses(context, curve),
    keysOf: ({ points }) => points.map((point) => point.klKey),
    known: (keys) => knownKlKeys(store, keys),
    settle: (known) => saveKl(store, run, { passes: [], curves: known.flatMap(({ points }) => points) }),
    async *compute(open, signal) {
      const continuations = open.map((pass) => pass.continuation());
      for await (const { continuation, klNats } of job('kl', { ...sides, continuations }, signal)) {
        yield [open[continuation]!.points.map((point, exit) => ({ ...point, klNats: klNats[exit]! }))];
      }
    },
    save: (measured) => saveKl(store, run, { passes: measured.flat(), curves: measured.flat() }),
  } satisfies Stage<Pass, (KlMapping & KlRecord)[]>;
}

function planPasses({ store, run, instructions, config }: KlContext, curve: Curve): Pass[] {
  const { generation } = config;
  const { name, model, reference, referenceExit, positions } = curve;
  const responses = readStoredResponses({ store, run });
  const path = 'teacher-forced on the reference’s greedy answer';
  const settings = { direction: 'KL(reference || sub-model)', path, positions };
  const ends = { curve: name, model: model.name, referenceModel: reference.name, referenceExit };
  const referenceKey = reference.keys.get(referenceExit)!;
  return instructions.flatMap((instruction) => {
    const response = responses(reference.name, referenceExit, instruction.id);
    // A prompt without room for a token has none to be forced along.
    if (!response.tokenIds?.length) return [];
    const ids = response.tokenIds;
    const points = model.exits.map((exit) => {
      const subModelKey = model.keys.get(exit)!;
      const parts = { subModelKey, referenceKey, responseKey: response.responseKey, settings };
      return { ...ends, exit, instructionId: instruction.id, ...parts, klKey: klKey(parts) };
    });
    const continuation = () => continuationOf({ ...curve, generation }, instruction, ids);
    return [{ points, continuation }];
  });
}

/** As much of the reference's response as is measured. Each of the two reads its own prompt before it. */
function continuationOf(
  { model, reference, positions, generation }: Curve & Pick<SweepConfig, 'generation'>,
  instruction: Instruction,
  ids: readonly number[],
): KlContinuation {
  const contextOf = (read: FolderModel) =>
    encodePrompt(read.tokenizer, modelPrompt(read, instruction, generation).prompt);
  const [context, referenceContext] = [contextOf(model), contextOf(reference)];
  // The reference may have a longer context than the model.
  const room = model.manifest.architecture.contextLength - context.length + 1;
  const continuation = ids.slice(0, Math.max(0, Math.min(positions, room)));
  return { context, continuation, ...(String(context) !== String(referenceContext) && { referenceContext }) };
}
