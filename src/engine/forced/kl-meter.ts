import type { Manifest } from '../../model/folder/manifest.ts';
import { USEFUL_TOKENS } from '../greedy/prefill.ts';
import { isRotatedByLength } from '../session/rope.ts';
import { SegmentedModel } from '../session/segmented-model.ts';
import { forwardAlongTogether, type Passage } from './forward.ts';
import { type HeadInMemory, KlMeter, readHead } from './kl-divergence.ts';

/** What is compared: exits of one model folder with one exit of another, or of the same. */
export interface KlSides {
  readonly model: { readonly folder: string; readonly exits: readonly number[] };
  readonly reference: { readonly folder: string; readonly exit: number };
}

/** KL in nats of one passage: for each of the model's exits, at each position. */
export interface Divergence {
  /** Index of the passage. */
  readonly passage: number;
  readonly klNats: readonly (readonly number[])[];
}

/**
 * KL(reference ‖ sub-model) at every position of the passages, in any order; one with an empty answer has no positions. One
 * teacher-forced pass through a network gives the hidden states of all its exits, and passages of one length share it.
 * @throws the signal's reason when it is aborted
 */
export async function* measureDivergence(
  sides: KlSides,
  passages: readonly Passage[],
  signal?: AbortSignal,
): AsyncGenerator<Divergence> {
  const instruments = await openInstruments(sides);
  try {
    for (const group of groupByLength(passages, instruments)) {
      signal?.throwIfAborted();
      yield* await measure(sides, group, instruments);
    }
    for (const [passage, { answerIds }] of passages.entries()) {
      signal?.throwIfAborted();
      if (answerIds.length === 0) yield { passage, klNats: sides.model.exits.map(() => []) };
    }
  } finally {
    await instruments.close();
  }
}

interface IndexedPassage extends Passage {
  readonly passage: number;
}

/** Passages that can be read together, without the empty ones. */
function groupByLength(passages: readonly Passage[], { network, referenceNetwork }: Instruments) {
  const open = new Map<string, IndexedPassage[]>();
  const groups: IndexedPassage[][] = [];
  for (const [passage, { promptIds, answerIds }] of passages.entries()) {
    if (answerIds.length === 0) continue;
    const length = promptIds.length + answerIds.length;
    const isRotated = [network, referenceNetwork].some(({ manifest }) =>
      isRotatedByLength(manifest.architecture, promptIds.length),
    );
    const key = isRotated ? `${length} ${promptIds.length}` : `${length}`;
    const group = open.get(key) ?? [];
    if (group.length === 0) groups.push(group);
    group.push({ passage, promptIds, answerIds });
    if ((group.length + 1) * length > USEFUL_TOKENS) open.delete(key);
    else open.set(key, group);
  }
  return groups;
}

interface Instruments {
  readonly network: SegmentedModel;
  /** The same one, where a model is its own reference. */
  readonly referenceNetwork: SegmentedModel;
  readonly meter: KlMeter;
  /** Exits of each head of the model. */
  readonly exitsOfHeads: readonly (readonly number[])[];
  close(): Promise<void>;
}

async function openInstruments({ model, reference }: KlSides): Promise<Instruments> {
  const network = await SegmentedModel.open(model.folder);
  const isOwnReference = model.folder === reference.folder;
  const referenceNetwork = isOwnReference ? network : await SegmentedModel.open(reference.folder);
  const heads = headsOf(network.manifest, model);
  const referenceHead = readHead(reference.folder, referenceNetwork.manifest, reference.exit);
  const meter = await KlMeter.open(
    referenceHead,
    heads.map(({ head }) => head),
  );
  const close = async () => {
    await meter.close();
    await network.close();
    if (!isOwnReference) await referenceNetwork.close();
  };
  return { network, referenceNetwork, meter, exitsOfHeads: heads.map(({ exits }) => exits), close };
}

/** The heads that the model's exits answer with, each with its exits. */
function headsOf(manifest: Manifest, { folder, exits }: KlSides['model']) {
  return manifest.heads
    .map((head) => head.exits.filter((exit) => exits.includes(exit)))
    .filter((own) => own.length > 0)
    .map((own): { exits: number[]; head: HeadInMemory } => {
      return { exits: own, head: readHead(folder, manifest, own[0]!) };
    });
}

async function measure(
  { model, reference }: KlSides,
  group: readonly IndexedPassage[],
  { network, referenceNetwork, meter, exitsOfHeads }: Instruments,
): Promise<Divergence[]> {
  const deepest = Math.max(...model.exits);
  const isOnePass = network === referenceNetwork && reference.exit <= deepest;
  const states = await statesByExit(network, group, deepest);
  const referenceStates = isOnePass ? states : await statesByExit(referenceNetwork, group, reference.exit);
  const divergences: Divergence[] = [];
  for (const [row, { passage }] of group.entries()) {
    const own = exitsOfHeads.map((exits) => exits.map((exit) => states[row]!.get(exit)!));
    const measured = await meter.measure(referenceStates[row]!.get(reference.exit)!, own);
    const values = new Map(
      exitsOfHeads.flatMap((exits, head) =>
        exits.map((exit, index) => [exit, measured[head]![index]!] as const),
      ),
    );
    divergences.push({ passage, klNats: model.exits.map((exit) => values.get(exit)!) });
  }
  return divergences;
}

/** For each passage exit → [positions, D] */
async function statesByExit(
  network: SegmentedModel,
  group: readonly Passage[],
  lastExit: number,
): Promise<Map<number, Float32Array>[]> {
  const { exits } = network.manifest;
  const states = await forwardAlongTogether(network, group, exits.indexOf(lastExit) + 1);
  return states.map((segments) => new Map(segments.map((hidden, index) => [exits[index]!, hidden])));
}
