/**
 * Reads pairs of responses that people labelled, in three formats told apart by their keys:
 *
 * - PandaLM `testset-v1.json`: `idx, instruction, input, response1, response2, annotator1, annotator2, annotator3`, a
 *   label being 0 (tie), 1 or 2;
 * - LLMBar `dataset.json`: `input, output_1, output_2, label`, a label being 1 or 2;
 * - auto-j `testdata_pairwise.jsonl`: `prompt, response 1, response 2, label`, a label being 0 (the first), 1 (the second)
 *   or 2 (tie).
 */

import { z } from 'zod';
import type { Instruction, SlotVerdict } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import { instructionId } from './instructions.ts';
import { checkRecord, describeValue, type RawRecord, type RecordKind, readRecords } from './read-records.ts';
import { refuseRepeatedIndices } from './repeated-index.ts';
import { noteUnreadTexts } from './unread-texts.ts';

/** Which response people prefer. */
export type HumanLabel = Exclude<SlotVerdict, 'malformed'>;

/** A pair of responses with what people said about it. */
export interface LabelledPair extends Pick<Instruction, 'instruction' | 'input'> {
  /** PandaLM's `idx`; in the other formats the record's place in the file, from 0. */
  readonly index: number;
  /** The same for pairs that answer the same prompt. */
  readonly promptId: string;
  readonly response1: string;
  readonly response2: string;
  /** The annotators' majority. */
  readonly label: HumanLabel;
  /** One for each annotator. */
  readonly annotations: readonly HumanLabel[];
  /** PandaLM's `cmp_key`: the two models that wrote the responses, `bloom-7b_llama-7b`. */
  readonly models?: string;
}

type PairReader = (record: RawRecord, position: number) => LabelledPair;

const text = z.string({ error: 'a text' });
/** Six responses of PandaLM's set are JSON booleans; upstream's Python puts them into the prompt as str() gives them. */
const pythonText = z
  .union([z.string(), z.boolean()], { error: 'a text or a boolean' })
  .transform((value) => (typeof value === 'string' ? value : value ? 'True' : 'False'));
const label012 = z.literal([0, 1, 2], { error: '0, 1 or 2' });

const PANDALM: RecordKind = {
  code: 'bad-schema',
  record: 'a PandaLM pair: idx, instruction, input, response1, response2, annotator1…3 (0 tie, 1, 2)',
};
const pandalmSchema = z.looseObject({
  idx: z.int({ error: 'a whole number' }),
  instruction: text,
  input: text,
  response1: pythonText,
  response2: pythonText,
  annotator1: label012,
  annotator2: label012,
  annotator3: label012,
  cmp_key: text.optional(),
});

const LLMBAR: RecordKind = {
  code: 'bad-schema',
  record: 'an LLMBar pair: input, output_1, output_2, label (1, 2)',
};
const llmbarSchema = z.looseObject({
  input: text,
  output_1: text,
  output_2: text,
  label: z.literal([1, 2], { error: '1 or 2' }),
});

const AUTO_J: RecordKind = {
  code: 'bad-schema',
  record: 'an auto-j pair: prompt, "response 1", "response 2", label (0 first, 1 second, 2 tie)',
};
const autoJSchema = z.looseObject({
  prompt: text,
  'response 1': text,
  'response 2': text,
  label: label012,
});

/**
 * The labelled pairs of a file, in its order.
 *
 * @param note gets a line for texts that are not read
 * @throws InputError as `readRecords` does; `bad-schema` where the format is none of the three, a record does not fit it,
 * or an `idx` comes twice.
 */
export function readHumanLabels(path: string, note: (text: string) => void = () => {}): LabelledPair[] {
  const records = readRecords(path, { code: 'bad-schema', record: 'a labelled pair' });
  const { read, keys } = formatOf(records[0]!);
  noteUnreadTexts(path, records, keys, note);
  const pairs = records.map(read);
  refuseRepeatedIndices(
    pairs.map(({ index }, position) => ({ index, where: records[position]!.where })),
    'bad-schema',
  );
  return pairs;
}

/** The label most annotators give; where all differ, the first annotator's, as PandaLM's `compute_metrics.py` has it. */
export function majorityLabel(annotations: readonly HumanLabel[]): HumanLabel {
  const votesFor = (label: HumanLabel) => annotations.filter((other) => other === label).length;
  return annotations.reduce((best, label) => (votesFor(label) > votesFor(best) ? label : best));
}

/** By the key that tells it; `keys`: what it reads or knows to be a label. */
const FORMATS: Readonly<Record<string, { readonly read: PairReader; readonly keys: readonly string[] }>> = {
  annotator1: { read: readPandalm, keys: Object.keys(pandalmSchema.shape) },
  output_1: { read: readLlmbar, keys: Object.keys(llmbarSchema.shape) },
  'response 1': { read: readAutoJ, keys: [...Object.keys(autoJSchema.shape), 'scenario'] },
};

function formatOf(first: RawRecord) {
  const keys = Object.keys(Object(first.value));
  const found = Object.entries(FORMATS).find(([key]) => keys.includes(key));
  if (found) return found[1];
  throw new InputError({
    code: 'bad-schema',
    where: first.where,
    expected: [PANDALM, LLMBAR, AUTO_J].map(({ record }) => record).join('; or '),
    found: keys.length > 0 ? `the keys ${keys.slice(0, 12).join(', ')}` : describeValue(first.value),
    fix: 'Name a file of labelled pairs in one of these formats.',
  });
}

function readPandalm(record: RawRecord): LabelledPair {
  const { idx, instruction, input, response1, response2, cmp_key, ...rest } = checkRecord(
    pandalmSchema,
    record,
    PANDALM,
  );
  const votes = [rest.annotator1, rest.annotator2, rest.annotator3];
  const annotations = votes.map((vote): HumanLabel => (['tie', '1', '2'] as const)[vote]);
  const pair = toPair(idx, { instruction, input }, [response1, response2], annotations);
  return cmp_key === undefined ? pair : { ...pair, models: cmp_key };
}

function readLlmbar(record: RawRecord, position: number): LabelledPair {
  const { input, output_1, output_2, label } = checkRecord(llmbarSchema, record, LLMBAR);
  return toPair(position, { instruction: input, input: '' }, [output_1, output_2], [`${label}`]);
}

function readAutoJ(record: RawRecord, position: number): LabelledPair {
  const { prompt, label, ...rest } = checkRecord(autoJSchema, record, AUTO_J);
  const annotation = (['1', '2', 'tie'] as const)[label];
  const responses = [rest['response 1'], rest['response 2']] as const;
  return toPair(position, { instruction: prompt, input: '' }, responses, [annotation]);
}

function toPair(
  index: number,
  { instruction, input }: Pick<Instruction, 'instruction' | 'input'>,
  [response1, response2]: readonly [string, string],
  annotations: readonly HumanLabel[],
): LabelledPair {
  const promptId = instructionId(instruction, input);
  const label = majorityLabel(annotations);
  return { index, promptId, instruction, input, response1, response2, label, annotations };
}
