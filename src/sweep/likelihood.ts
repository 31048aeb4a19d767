import { alpacaPrompt } from '../data/prompt.ts';
import type { Instruction } from '../domain.ts';
import { readHead } from '../runtime/kl.ts';
import { LikelihoodMeter, meanLogProbabilities } from '../runtime/likelihood.ts';
import type { Network } from '../runtime/network.ts';
import { readAnswers } from '../store/answers.ts';
import {
  knownLikelihoods,
  type LikelihoodRecord,
  saveLikelihoods,
  saveReference,
} from '../store/likelihood.ts';
import { type FolderModel, isFolderModel, withNetwork } from './models.ts';
import type { Sweep } from './open.ts';
import type { Reference } from './reference.ts';

/** The different answers to one instruction: token ids by response key. */
interface Question {
  readonly instruction: Instruction;
  readonly answers: ReadonlyMap<string, readonly number[]>;
}

/**
 * Asks the reference how likely it finds every answer, given the prompt. Answers of servers and files have no token ids, and
 * those of another vocabulary mean nothing to the reference: for these only the measures of their texts are known.
 */
export async function likelihoodStage(sweep: Sweep): Promise<void> {
  const { store, run, reference, progress } = sweep;
  const referenceKey = reference?.model.keys.get(reference.exit);
  saveReference(
    store,
    run,
    reference && { model: reference.model.name, exit: reference.exit, referenceKey: referenceKey! },
  );
  if (!reference) return;
  const questions = questionsFor(sweep, reference.model);
  const keys = questions.flatMap(({ answers }) => [...answers.keys()]);
  const known = knownLikelihoods(store, referenceKey!, keys);
  const task = progress.start(
    `likelihood: ${reference.model.label}@${reference.exit}`,
    keys.length,
    known.size,
  );
  try {
    if (known.size < keys.length) {
      await withMeter(reference, async (network, meter) => {
        for (const question of questions.map((each) => withoutKnown(each, known))) {
          sweep.signal?.throwIfAborted();
          const records = await measure(network, meter, reference, question);
          saveLikelihoods(
            store,
            records.map((record) => ({ ...record, referenceKey: referenceKey! })),
          );
          task.advance(records.length);
        }
      });
    }
  } finally {
    task.end();
  }
}

function questionsFor({ store, run, models, instructions }: Sweep, reference: FolderModel): Question[] {
  const stored = [...models.values()]
    .filter((model) => isFolderModel(model) && isSameVocabulary(model, reference))
    .flatMap(({ name, exits }) => exits.map((exit) => readAnswers(store, run, { model: name, exit })));
  return instructions.map((instruction) => {
    const answers = stored.flatMap((byId) => byId.get(instruction.id) ?? []);
    return {
      instruction,
      answers: new Map(answers.map(({ responseKey, tokenIds }) => [responseKey, tokenIds])),
    };
  });
}

function isSameVocabulary({ manifest: a }: FolderModel, { manifest: b }: FolderModel): boolean {
  const isSameTokenizer = a.files['tokenizer.json']!.sha256 === b.files['tokenizer.json']!.sha256;
  return isSameTokenizer && a.architecture.vocabSize === b.architecture.vocabSize;
}

function withoutKnown({ instruction, answers }: Question, known: ReadonlySet<string>): Question {
  return { instruction, answers: new Map([...answers].filter(([key]) => !known.has(key))) };
}

async function withMeter(
  { model, exit }: Reference,
  use: (network: Network, meter: LikelihoodMeter) => Promise<void>,
): Promise<void> {
  const meter = await LikelihoodMeter.open(readHead(model.folder, model.manifest, exit));
  try {
    await withNetwork(model, (network) => use(network, meter));
  } finally {
    await meter.close();
  }
}

/** As far as the reference's context goes; an answer without tokens, or without room, has no mean. */
async function measure(
  network: Network,
  meter: LikelihoodMeter,
  { model, exit }: Reference,
  { instruction, answers }: Question,
): Promise<Omit<LikelihoodRecord, 'referenceKey'>[]> {
  if (answers.size === 0) return [];
  const promptIds = model.tokenizer.encode(alpacaPrompt(instruction));
  const room = Math.max(0, model.manifest.architecture.contextLength - promptIds.length + 1);
  const cut = [...answers].map(([responseKey, ids]) => ({ responseKey, ids: ids.slice(0, room) }));
  // Equal answers of different sub-models are asked about once.
  const texts = new Map(cut.filter(({ ids }) => ids.length > 0).map(({ ids }) => [ids.join(), ids]));
  const segments = model.manifest.exits.indexOf(exit) + 1;
  const means = await meanLogProbabilities(network, meter, promptIds, [...texts.values()], segments);
  const meanOf = new Map([...texts.keys()].map((text, index) => [text, means[index]!]));
  return cut.map(({ responseKey, ids }) => ({
    responseKey,
    tokens: ids.length,
    meanLogProbability: meanOf.get(ids.join()) ?? null,
  }));
}
