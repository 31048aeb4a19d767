import { alpacaPrompt } from '../data/prompt.ts';
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

/** Prompts that are read at once; their keys and values are in memory together. */
const UNIT_TOKENS = 512;

/** The different answers to one instruction: token ids by response key. */
interface Question {
  readonly promptIds: readonly number[];
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
    if (known.size === keys.length) return;
    await withInstruments(reference, async (instruments) => {
      for (const unit of unitsOf(questions, known)) {
        sweep.signal?.throwIfAborted();
        const measured = await measure(sweep, instruments, unit);
        const records = measured.map((record) => ({ ...record, referenceKey: referenceKey! }));
        saveLikelihoods(store, records);
        task.advance(records.length);
      }
    });
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
      promptIds: reference.tokenizer.encode(alpacaPrompt(instruction)),
      answers: new Map(answers.map(({ responseKey, tokenIds }) => [responseKey, tokenIds])),
    };
  });
}

function isSameVocabulary({ manifest: a }: FolderModel, { manifest: b }: FolderModel): boolean {
  const isSameTokenizer = a.files['tokenizer.json']!.sha256 === b.files['tokenizer.json']!.sha256;
  return isSameTokenizer && a.architecture.vocabSize === b.architecture.vocabSize;
}

/** Questions with what is not known of them, a few at a time: what is measured and stored at once. */
function unitsOf(questions: readonly Question[], known: ReadonlySet<string>): Question[][] {
  const units: Question[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const { promptIds, answers } of questions) {
    const open = [...answers].filter(([key]) => !known.has(key));
    if (open.length === 0) continue;
    tokens += promptIds.length;
    if (tokens > UNIT_TOKENS) {
      units.push([]);
      tokens = promptIds.length;
    }
    units.at(-1)!.push({ promptIds, answers: new Map(open) });
  }
  return units;
}

interface Instruments {
  readonly network: Network;
  readonly meter: LikelihoodMeter;
  readonly segments: number;
}

async function withInstruments(
  { model, exit }: Reference,
  use: (instruments: Instruments) => Promise<void>,
): Promise<void> {
  const meter = await LikelihoodMeter.open(readHead(model.folder, model.manifest, exit));
  const segments = model.manifest.exits.indexOf(exit) + 1;
  try {
    await withNetwork(model, (network) => use({ network, meter, segments }));
  } finally {
    await meter.close();
  }
}

/**
 * As far as the reference's context goes; an answer without tokens, or without room, has no mean. Equal answers of different
 * sub-models are asked about once.
 */
async function measure(
  { config }: Sweep,
  { network, meter, segments }: Instruments,
  questions: readonly Question[],
): Promise<Omit<LikelihoodRecord, 'referenceKey'>[]> {
  const { contextLength } = network.manifest.architecture;
  const asked = questions.map(({ promptIds, answers }) => {
    const room = Math.max(0, contextLength - promptIds.length + 1);
    const cut = [...answers].map(([responseKey, ids]) => ({ responseKey, ids: ids.slice(0, room) }));
    const different = new Map(cut.filter(({ ids }) => ids.length > 0).map(({ ids }) => [ids.join(), ids]));
    return { cut, texts: [...different.keys()], promptIds, answers: [...different.values()] };
  });
  const prompts = asked.filter(({ answers }) => answers.length > 0);
  const { batchSize } = config.generation;
  const means = await meanLogProbabilities(network, meter, prompts, { segments, batchSize });
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
