import type { Instruction } from '../../core/domain.ts';
import { alpacaPrompt } from '../../data/alpaca-prompt.ts';
import type { Passage } from '../../engine/forced/forward.ts';
import type { StoredAnswer } from '../../store/tables/answer-table.ts';
import {
  type KlMapping,
  type KlParts,
  type KlRecord,
  klKey,
  knownKlKeys,
  saveKl,
} from '../../store/tables/kl-table.ts';
import { runJob } from '../../worker/run-job.ts';
import type { Sweep } from '../open-sweep.ts';
import { readStoredAnswers } from '../plan/answer-texts.ts';
import type { Curve } from '../plan/plan-comparisons.ts';

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
    const open = passes.filter((pass) => !isKnown(pass));
    const passages = open.map((pass) => passageOf(sweep, curve, pass));
    const job = runJob('kl', { ...sidesOf(curve), passages }, sweep.signal);
    for await (const { passage, klNats } of job) {
      saveKl(sweep.store, sweep.run, toRecords(curve, open[passage]!, klNats));
      task.advance(1);
    }
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

function sidesOf({ model, reference, referenceExit }: Curve) {
  const { folder, exits } = model;
  return { model: { folder, exits }, reference: { folder: reference.folder, exit: referenceExit } };
}

/** As much of the reference's answer as is measured. */
function passageOf(sweep: Sweep, { model, reference }: Curve, { instruction, answer }: Pass): Passage {
  const promptIds = reference.tokenizer.encode(alpacaPrompt(instruction));
  // The reference may have a longer context than the model.
  const room = model.manifest.architecture.contextLength - promptIds.length + 1;
  const positions = Math.max(0, Math.min(sweep.config.kl!.positions, room));
  return { promptIds, answerIds: answer.tokenIds.slice(0, positions) };
}

/** @param values for each of the model's exits, KL in nats at each position */
function toRecords(curve: Curve, pass: Pass, values: readonly (readonly number[])[]) {
  const passes = [...pass.parts].map(([exit, parts]): KlRecord => {
    return { ...parts, klKey: klKey(parts), klNats: values[curve.model.exits.indexOf(exit)]! };
  });
  return { passes, curves: mappingsOf(curve, pass) };
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
