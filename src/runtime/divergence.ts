import type { Manifest } from '../model/manifest.ts';
import { forwardAlong } from './forward.ts';
import { type HeadInMemory, KlMeter, readHead } from './kl.ts';
import { Network } from './network.ts';

/** What is compared: exits of one model folder with one exit of another, or of the same. */
export interface KlSides {
  readonly model: { readonly folder: string; readonly exits: readonly number[] };
  readonly reference: { readonly folder: string; readonly exit: number };
}

/** A prompt and the answer that both sides are forced along. */
export interface Passage {
  readonly promptIds: readonly number[];
  /** Empty: there is nothing to compare. */
  readonly answerIds: readonly number[];
}

/**
 * KL(reference ‖ sub-model) at every position of the passages. One teacher-forced pass through a network gives the hidden
 * states of all its exits.
 * @returns for each passage, for each of the model's exits, KL in nats at each position
 * @throws the signal's reason when it is aborted
 */
export async function* measureDivergence(
  sides: KlSides,
  passages: readonly Passage[],
  signal?: AbortSignal,
): AsyncGenerator<number[][]> {
  const instruments = await openInstruments(sides);
  try {
    for (const passage of passages) {
      signal?.throwIfAborted();
      const isEmpty = passage.answerIds.length === 0;
      yield isEmpty ? sides.model.exits.map(() => []) : await measure(sides, passage, instruments);
    }
  } finally {
    await instruments.close();
  }
}

interface Instruments {
  readonly network: Network;
  /** The same one, where a model is its own reference. */
  readonly referenceNetwork: Network;
  readonly meter: KlMeter;
  /** Exits of each head of the model. */
  readonly exitsOfHeads: readonly (readonly number[])[];
  close(): Promise<void>;
}

async function openInstruments({ model, reference }: KlSides): Promise<Instruments> {
  const network = await Network.open(model.folder);
  const isOwnReference = model.folder === reference.folder;
  const referenceNetwork = isOwnReference ? network : await Network.open(reference.folder);
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
  passage: Passage,
  { network, referenceNetwork, meter, exitsOfHeads }: Instruments,
): Promise<number[][]> {
  const deepest = Math.max(...model.exits);
  const states = await statesByExit(network, passage, deepest);
  const referenceStates =
    network === referenceNetwork && reference.exit <= deepest
      ? states
      : await statesByExit(referenceNetwork, passage, reference.exit);
  const own = exitsOfHeads.map((exits) => exits.map((exit) => states.get(exit)!));
  const measured = await meter.measure(referenceStates.get(reference.exit)!, own);
  const values = new Map<number, number[]>();
  for (const [head, exits] of exitsOfHeads.entries()) {
    for (const [index, exit] of exits.entries()) values.set(exit, measured[head]![index]!);
  }
  return model.exits.map((exit) => values.get(exit)!);
}

/** exit → [positions, D] */
async function statesByExit(
  network: Network,
  { promptIds, answerIds }: Passage,
  lastExit: number,
): Promise<Map<number, Float32Array>> {
  const { exits } = network.manifest;
  const hidden = await forwardAlong(network, promptIds, answerIds, exits.indexOf(lastExit) + 1);
  return new Map(hidden.map((states, index) => [exits[index]!, states]));
}
