import { alpacaPrompt } from '../data/prompt.ts';
import type { Instruction } from '../domain.ts';
import { forwardAlong } from '../runtime/forward.ts';
import { type HeadInMemory, KlMeter, type PositionStates, readHead } from '../runtime/kl.ts';
import type { Network } from '../runtime/network.ts';
import type { StoredAnswer } from '../store/answers.ts';
import { type KlMapping, type KlParts, type KlRecord, klKey, knownKlKeys, saveKl } from '../store/kl.ts';
import { readStoredAnswers } from './answer-texts.ts';
import { withNetwork } from './models.ts';
import type { Sweep } from './open.ts';
import type { Curve } from './plan.ts';

/** One instruction of a curve: the answer both sides are forced along, and the content key of each exit's values. */
interface Pass {
  readonly instruction: Instruction;
  readonly answer: StoredAnswer;
  readonly parts: ReadonlyMap<number, KlParts>;
}

/**
 * KL(reference ‖ sub-model) along the reference's greedy answer, for every curve of the sweep. One teacher-forced pass
 * through a model gives the hidden states of all its exits.
 */
export async function klStage(sweep: Sweep): Promise<void> {
  for (const curve of sweep.curves) await measureCurve(sweep, curve);
}

async function measureCurve(sweep: Sweep, curve: Curve): Promise<void> {
  const passes = planPasses(sweep, curve);
  const known = knownKlKeys(
    sweep.store,
    passes.flatMap((pass) => [...pass.parts.values()].map(klKey)),
  );
  const isKnown = (pass: Pass) => [...pass.parts.values()].every((parts) => known.has(klKey(parts)));
  const settled = passes.filter(isKnown);
  saveKl(sweep.store, sweep.run, {
    passes: [],
    curves: settled.flatMap((pass) => mappingsOf(curve, pass)),
  });
  const label = `KL: ${curve.model.label} from ${curve.reference.label}@${curve.referenceExit}`;
  const task = sweep.progress.start(label, passes.length, settled.length);
  try {
    if (settled.length === passes.length) return;
    await withInstruments(curve, async (instruments) => {
      for (const pass of passes.filter((candidate) => !isKnown(candidate))) {
        sweep.signal?.throwIfAborted();
        await measurePass(sweep, curve, pass, instruments);
        task.advance(1);
      }
    });
  } finally {
    task.end();
  }
}

function planPasses(sweep: Sweep, curve: Curve): Pass[] {
  const answers = readStoredAnswers(sweep);
  const settings = {
    direction: 'KL(reference || sub-model)',
    path: 'teacher-forced on the reference’s greedy answer',
    positions: sweep.config.kl!.positions,
  };
  const referenceKey = curve.reference.keys.get(curve.referenceExit)!;
  return sweep.instructions.map((instruction) => {
    const answer = answers(curve.reference.name, curve.referenceExit, instruction.id);
    const parts = [...curve.model.keys].map(([exit, subModelKey]): [number, KlParts] => [
      exit,
      { subModelKey, referenceKey, responseKey: answer.responseKey, settings },
    ]);
    return { instruction, answer, parts: new Map(parts) };
  });
}

/** What measuring needs open: both networks (one, where a model is its own reference), heads and the KL graph. */
interface Instruments {
  readonly network: Network;
  readonly referenceNetwork: Network;
  readonly meter: KlMeter;
  /** Exits that share a head, in rising order. */
  readonly heads: readonly { readonly exits: readonly number[]; readonly head: HeadInMemory }[];
}

async function withInstruments(curve: Curve, use: (instruments: Instruments) => Promise<void>) {
  const { model, reference, referenceExit } = curve;
  const referenceHead = readHead(reference.folder, reference.manifest, referenceExit);
  const heads = model.manifest.heads
    .map(({ exits }) => exits.filter((exit) => model.exits.includes(exit)))
    .filter((exits) => exits.length > 0)
    .map((exits) => ({ exits, head: readHead(model.folder, model.manifest, exits[0]!) }));
  const meter = await KlMeter.open(referenceHead, model.manifest.architecture);
  try {
    await withNetwork(model, async (network) => {
      const useWith = (referenceNetwork: Network) => use({ network, referenceNetwork, meter, heads });
      if (model === reference) await useWith(network);
      else await withNetwork(reference, useWith);
    });
  } finally {
    await meter.close();
  }
}

async function measurePass(sweep: Sweep, curve: Curve, pass: Pass, instruments: Instruments): Promise<void> {
  const values = await divergences(sweep, curve, pass, instruments);
  const passes = [...pass.parts].map(([exit, parts]): KlRecord => {
    return { ...parts, klKey: klKey(parts), klNats: values.get(exit)! };
  });
  saveKl(sweep.store, sweep.run, { passes, curves: mappingsOf(curve, pass) });
}

/** For each exit, KL in nats at each output position; an empty answer has none. */
async function divergences(
  sweep: Sweep,
  { model, reference, referenceExit }: Curve,
  { instruction, answer }: Pass,
  { network, referenceNetwork, meter, heads }: Instruments,
): Promise<Map<number, number[]>> {
  const promptIds = reference.tokenizer.encode(alpacaPrompt(instruction));
  // The reference may have a longer context than the model.
  const room = model.manifest.architecture.contextLength - promptIds.length + 1;
  const positions = Math.min(answer.tokenIds.length, sweep.config.kl!.positions, room);
  if (positions <= 0) return new Map(model.exits.map((exit) => [exit, []]));
  const answerIds = answer.tokenIds.slice(0, positions);
  const states = await statesByExit(network, promptIds, answerIds, model.exits.at(-1)!);
  const referenceStates =
    network === referenceNetwork
      ? states
      : await statesByExit(referenceNetwork, promptIds, answerIds, referenceExit);
  const values = new Map<number, number[]>();
  for (const { exits, head } of heads) {
    const own = exits.map((exit) => states.get(exit)!);
    const measured = await meter.measure(referenceStates.get(referenceExit)!, head, own);
    for (const [index, exit] of exits.entries()) values.set(exit, measured[index]!);
  }
  return values;
}

async function statesByExit(
  network: Network,
  promptIds: readonly number[],
  answerIds: readonly number[],
  lastExit: number,
): Promise<Map<number, PositionStates>> {
  const { exits } = network.manifest;
  const hidden = await forwardAlong(network, promptIds, answerIds, exits.indexOf(lastExit) + 1);
  return new Map(hidden.map((states, index) => [exits[index]!, states]));
}

function mappingsOf(curve: Curve, pass: Pass): KlMapping[] {
  return [...pass.parts].map(([exit, parts]) => ({
    curve: curve.name,
    model: curve.model.name,
    exit,
    referenceModel: curve.reference.name,
    referenceExit: curve.referenceExit,
    instructionId: pass.instruction.id,
    klKey: klKey(parts),
  }));
}
