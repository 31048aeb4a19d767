import type { Manifest } from '../../model/folder/manifest.ts';
import { batchesOf, MAX_PASS_TOKENS } from '../session/batches.ts';
import { SegmentedModel } from '../session/segmented-model.ts';
import type { Continuation } from './continuation.ts';
import { type HeadInMemory, readHead } from './head-in-memory.ts';
import { KlMeter } from './kl-meter.ts';
import { teacherForce } from './teacher-force.ts';

/** What is compared: exits of one model folder with one exit of another, or of the same. */
export interface KlSides {
  readonly model: { readonly folder: string; readonly exits: readonly number[] };
  readonly reference: { readonly folder: string; readonly exit: number };
}

/** KL of one continuation. */
export interface Divergence {
  /** Its index. */
  readonly continuation: number;
  /** In nats, [the model's exits][positions]. */
  readonly klNats: readonly (readonly number[])[];
}

/** Tokens that both sides are forced along. */
export interface KlContinuation extends Continuation {
  /** What the reference reads before them, where that differs from the model's context. */
  readonly referenceContext?: readonly number[];
}

export interface IndexedContinuation extends KlContinuation {
  readonly index: number;
}

/**
 * KL(reference ‖ sub-model) at every position of the continuations, in any order; an empty one has no
 * positions. One teacher-forced pass through a model gives the hidden states of all its exits.
 * @throws InputError when a folder does not fit; the signal's reason when it is aborted
 */
export function measureDivergence(
  sides: KlSides,
  continuations: readonly KlContinuation[],
  signal?: AbortSignal,
): AsyncGenerator<Divergence> {
  return measureBatches(sides, divergenceBatches(continuations), { signal });
}

/** The continuations that go through the layers together. */
export function divergenceBatches(
  continuations: readonly KlContinuation[],
): Generator<readonly IndexedContinuation[]> {
  const indexed = continuations.map((one, index) => ({ ...one, index }));
  const lengthOf = ({ context, continuation }: Continuation) => context.length + continuation.length;
  return batchesOf(indexed, { sameKey: lengthOf, tokensOf: lengthOf, maxTokens: MAX_PASS_TOKENS });
}

interface MeasureOptions {
  /** Of one run. Default: one per core. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** KL of what `divergenceBatches` gives, batch by batch; each is taken when the one before it is measured. */
export async function* measureBatches(
  sides: KlSides,
  batches: Iterable<readonly IndexedContinuation[]>,
  { threads, signal }: MeasureOptions,
): AsyncGenerator<Divergence> {
  const instruments = await openInstruments(sides, threads);
  try {
    for (const batch of batches) {
      signal?.throwIfAborted();
      yield* await measure(sides, batch, instruments);
    }
  } finally {
    await instruments.close();
  }
}

interface Instruments {
  readonly model: SegmentedModel;
  /** The same one, where a model is its own reference. */
  readonly referenceModel: SegmentedModel;
  readonly meter: KlMeter;
  /** Exits of each head of the model. */
  readonly exitsOfHeads: readonly (readonly number[])[];
  close(): Promise<void>;
}

async function openInstruments(sides: KlSides, threads?: number): Promise<Instruments> {
  const { folder } = sides.model;
  const model = await SegmentedModel.open(folder, threads);
  const isOwnReference = folder === sides.reference.folder;
  const referenceModel = isOwnReference ? model : await SegmentedModel.open(sides.reference.folder, threads);
  const heads = headsOf(model.manifest, sides.model);
  const { exit } = sides.reference;
  const meter = await KlMeter.open(
    readHead(sides.reference.folder, referenceModel.manifest, exit),
    heads.map(({ head }) => head),
    threads,
  );
  const close = async () => {
    await meter.close();
    await model.close();
    if (!isOwnReference) await referenceModel.close();
  };
  return { model, referenceModel, meter, exitsOfHeads: heads.map(({ exits }) => exits), close };
}

/** The heads of the model's exits, each with its exits. */
function headsOf(manifest: Manifest, { folder, exits }: KlSides['model']) {
  return manifest.heads
    .map((head) => head.exits.filter((exit) => exits.includes(exit)))
    .filter((own) => own.length > 0)
    .map((own): { exits: number[]; head: HeadInMemory } => {
      return { exits: own, head: readHead(folder, manifest, own[0]!) };
    });
}

function ofReference({ context, referenceContext, continuation }: KlContinuation): Continuation {
  return { context: referenceContext ?? context, continuation };
}

async function measure(
  sides: KlSides,
  batch: readonly IndexedContinuation[],
  { model, referenceModel, meter, exitsOfHeads }: Instruments,
): Promise<Divergence[]> {
  const { exits } = sides.model;
  const { exit: referenceExit } = sides.reference;
  const isOneContext = batch.every(({ referenceContext }) => referenceContext === undefined);
  const isOnePass = isOneContext && model === referenceModel && referenceExit <= Math.max(...exits);
  const states = await teacherForce(model, batch, { exits: isOnePass ? [...exits, referenceExit] : exits });
  const referenceStates = isOnePass
    ? states
    : await teacherForce(referenceModel, batch.map(ofReference), { exits: [referenceExit] });
  const divergences: Divergence[] = [];
  for (const [row, { index }] of batch.entries()) {
    const own = exitsOfHeads.map((ofHead) => ofHead.map((exit) => states[row]!.get(exit)!));
    const measured = await meter.measure(referenceStates[row]!.get(referenceExit)!, own);
    const klOf = new Map(exitsOfHeads.flat().map((exit, place) => [exit, measured.flat()[place]!]));
    divergences.push({ continuation: index, klNats: exits.map((exit) => klOf.get(exit)!) });
  }
  return divergences;
}
