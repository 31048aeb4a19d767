/** Responses and verdicts of earlier, in files. */

import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { orderedKey } from '../core/content-key.ts';
import {
  type AnswerDecodingOptions,
  answerDecoding,
  isPlainGreedy,
} from '../core/decoding/answer-decoding.ts';
import { sha256 } from '../core/sha256.ts';
import {
  type AskedSet,
  type RecordedAnswers,
  readRecordedAnswers,
} from '../data/recorded/recorded-answers.ts';
import { withoutLaterDefaults } from '../data/schema/later-defaults.ts';
import { refuseDecoding } from './decoding/answer-keys.ts';
import type { JudgeSource } from './judge-source.ts';
import { factKeys, modelFacts } from './model-facts.ts';
import type { GenerationReply, GenerationRequest, ModelSource, SweepModel } from './model-source.ts';
import { openRecordedCompleter } from './recorded-completer.ts';
import { byExit, label, name, protocol, strip } from './schema-parts.ts';

const modelKeys = z.strictObject({
  answers: z
    .union([name, byExit(name)], { error: 'a file, or a file for each exit: {12: …, 16: …}' })
    .describe(
      'A file of recorded responses whose records have an `exit`, or one file for each exit; relative to the sweep file.',
    ),
  label,
  ...factKeys,
});
/** Of every model in existing results files; see `withoutLaterDefaults`. */
const FIRST_KEYS: ReadonlySet<string> = new Set(['answers', 'label']);

type RecordedModelConfig = z.output<typeof modelKeys>;

const judgeKeys = z.strictObject({
  verdicts: z
    .union([name, z.array(name).min(1)], { error: 'a file, or a list of files' })
    .describe(
      'A file of recorded judge texts, or a list of them; relative to the sweep file. See judges.md for the forms that are read.',
    ),
  pairs: name
    .optional()
    .describe(
      'A file of labelled pairs, if `verdicts` is one of PandaLM’s result files; relative to the sweep file.',
    ),
  label,
  protocol,
  strip,
});
type RecordedJudgeConfig = z.output<typeof judgeKeys>;

export const recordedModels = {
  key: 'answers',
  title: 'A file of recorded responses',
  schema: modelKeys,
  inFolder: modelInFolder,
  setupOf: (config) => withoutLaterDefaults(config, modelKeys, FIRST_KEYS),
  requireDecoding: requireRecordedDecoding,
  prepare: async (name, config, { instructions, setSize: size, progress }) => [
    recordedModel(name, config, { ids: instructions.map(({ id }) => id), size }, progress.note),
  ],
} satisfies ModelSource<RecordedModelConfig>;

export const recordedJudges = {
  key: 'verdicts',
  title: 'A file of recorded verdicts',
  keys: judgeKeys,
  schema: judgeKeys,
  isRemote: false,
  mayBeIncomplete: true,
  inFolder: judgeInFolder,
  requireApiKey: () => {},
  async prepare({ label, verdicts, pairs }, protocol) {
    const files = [verdicts].flat();
    const options = {
      label: label ?? files.map((file) => basename(file)).join(', '),
      verdicts: files,
      pairs,
    };
    const completer = openRecordedCompleter(options, protocol);
    return async () => completer;
  },
} satisfies JudgeSource<RecordedJudgeConfig>;

/** How they were decoded is over. */
function requireRecordedDecoding(name: string, _config: unknown, generation: AnswerDecodingOptions): void {
  if (isPlainGreedy(answerDecoding(generation))) return;
  const expected = 'no way of decoding for recorded responses, which are as they were written';
  refuseDecoding(name, expected, generation, 'Give `generation` to the models that it is for.');
}

function modelInFolder({ answers, ...config }: RecordedModelConfig, folder: string): RecordedModelConfig {
  if (typeof answers === 'string') return { ...config, answers: resolve(folder, answers) };
  const files = Object.entries(answers).map(([exit, file]) => [exit, resolve(folder, file)]);
  return { ...config, answers: Object.fromEntries(files) };
}

function judgeInFolder(config: RecordedJudgeConfig, folder: string): RecordedJudgeConfig {
  const { verdicts, pairs } = config;
  const pairsPath = pairs === undefined ? {} : { pairs: resolve(folder, pairs) };
  const files =
    typeof verdicts === 'string' ? resolve(folder, verdicts) : verdicts.map((file) => resolve(folder, file));
  return { ...config, verdicts: files, ...pairsPath };
}

function recordedModel(
  name: string,
  { answers: files, label = name, ...facts }: RecordedModelConfig,
  asked: AskedSet,
  note: (text: string) => void,
): SweepModel {
  const { ids } = asked;
  const readWithKeys = (path: string, exit?: number) =>
    withKeys(path, readRecordedAnswers(path, exit, asked, note), ids);
  const read =
    typeof files === 'string'
      ? readWithKeys(files)
      : Object.entries(files).flatMap(([exit, file]) => readWithKeys(file, Number(exit)));
  read.sort((left, right) => left.exit - right.exit);
  const answers: RecordedAnswers = new Map(read.map(({ exit, texts }) => [exit, texts]));
  return {
    name,
    label,
    exits: read.map(({ exit }) => exit),
    facts: modelFacts(
      facts,
      read.map(({ exit }) => exit),
      `models.${name}`,
    ),
    keys: new Map(read.map(({ exit, key }) => [exit, key])),
    isRemote: false,
    mayBeIncomplete: true,
    decoding: () => ({ strategy: 'recorded' }),
    respond: (requests) => respond(answers, requests),
    requireApiKeys: () => {},
  };
}

/** The responses of a file by exit, each with the key of what it holds. */
function withKeys(path: string, answers: RecordedAnswers, ids: readonly string[]) {
  const file = sha256(readFileSync(path));
  return [...answers].map(([exit, texts]) => ({
    exit,
    texts,
    // A list of texts means other responses with every other instruction set.
    key: orderedKey({ kind: 'recorded answers', file, exit, ids }),
  }));
}

async function* respond<Tag>(
  answers: RecordedAnswers,
  requests: readonly GenerationRequest<Tag>[],
): AsyncGenerator<GenerationReply<Tag>> {
  for (const { tag, instruction, exits } of requests) {
    for (const exit of exits) {
      const text = answers.get(exit)?.get(instruction.id);
      if (text === undefined) yield { tag, exit, error: 'the file has no answer to this instruction' };
      else yield { tag, exit, text };
    }
  }
}
