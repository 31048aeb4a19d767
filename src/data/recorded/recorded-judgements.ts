/**
 * Reads what a judge wrote earlier, by what it read:
 *
 * - records `{instruction, input, response1, response2}` with `raw`, the judge's whole text, or `verdict` (`1`, `2`, `tie`; 0 is
 *   a tie);
 * - the output of PandaLM's `pandalm_inference.py -o`: `[[record, text], …]` with the texts in the record;
 * - alpaca_eval's `annotations.json`: `output_1`, `output_2` and a `preference` from 1 to 2, 1.5 being a draw;
 * - answers to prompts of `sorted-eval prompts`, by their ids (`recorded-by-id.ts`);
 * - PandaLM's result file, with the labelled pairs that its `idx` point at.
 */

import { z } from 'zod';
import type { Instruction } from '../../core/domain.ts';
import { readHumanLabels } from '../human-labels.ts';
import { checkRecord, type RawRecord, type RecordKind, readRecords } from '../read-records.ts';
import { type AnswerById, isById, readAnswerById } from './recorded-by-id.ts';
import { joinVerdicts, readRecordedVerdicts } from './recorded-verdicts.ts';

/** What a judge wrote, found by the pair that it saw or by the id of its prompt. */
export type RecordedJudgement = JudgedTexts | AnswerById;

/** A pair as the judge saw it, and its text. */
export interface JudgedTexts extends Pick<Instruction, 'instruction' | 'input'> {
  readonly response1: string;
  readonly response2: string;
  /** Begins with the verdict's line. */
  readonly rawText: string;
  /** Place in the file, for errors. */
  readonly where: string;
}

const KIND: RecordKind = {
  code: 'bad-schema',
  record:
    'a judgement: instruction, input (optional), response1, response2, and raw or verdict ("1", "2", "tie", 0); or [record, text] of pandalm_inference.py; or an annotation of alpaca_eval (output_1, output_2, preference)',
};

const text = z.string({ error: 'a text' });
const recordSchema = z
  .looseObject({
    instruction: text,
    input: text.nullish(),
    response1: text,
    response2: text,
    raw: text.optional(),
    verdict: z.union([z.literal([0, 1, 2]), z.string()], { error: '0, 1, 2 or a text' }).optional(),
  })
  .refine(({ raw, verdict }) => (raw === undefined) !== (verdict === undefined), {
    error: 'raw or verdict, one of the two',
    path: ['raw'],
  });

const pandalmSchema = z.tuple([
  z.looseObject({ instruction: text, input: text.nullish(), response1: text, response2: text }),
  text,
]);

/** Before version 0.6 a draw was 0; an annotator that failed has null. */
const annotationSchema = z.looseObject({
  instruction: text,
  input: text.nullish(),
  output_1: text,
  output_2: text,
  annotator: text.nullish(),
  preference: z.union([z.literal(0), z.number().min(1).max(2), z.null()], {
    error: 'a number from 1 to 2, 0, or null',
  }),
});

/**
 * The judgements of a file, in its order.
 * @param pairsPath labelled pairs, where the file is one of PandaLM's results
 * @throws InputError as `readRecords` does; `bad-schema` or `bad-results` where files are not what they should be
 */
export function readRecordedJudgements(path: string, pairsPath?: string): RecordedJudgement[] {
  if (pairsPath === undefined) return readRecords(path, KIND).map(judgementOf);
  const verdicts = readRecordedVerdicts(path);
  const textOf = new Map(verdicts.map((verdict) => [verdict.index, judgeText(verdict)]));
  return joinVerdicts(readHumanLabels(pairsPath), verdicts, path).map((pair) => ({
    instruction: pair.instruction,
    input: pair.input,
    response1: pair.response1,
    response2: pair.response2,
    rawText: textOf.get(pair.index)!,
    where: `${path}: idx ${pair.index}`,
  }));
}

/** A record in one of the forms, told by its keys. */
function judgementOf(record: RawRecord): RecordedJudgement {
  if (isById(record)) return readAnswerById(record);
  if (Array.isArray(record.value)) return fromPandalm(record);
  return 'output_1' in Object(record.value) ? fromAnnotation(record) : toJudgement(record);
}

function fromPandalm(record: RawRecord): JudgedTexts {
  const [{ instruction, input, response1, response2 }, rawText] = checkRecord(pandalmSchema, record, KIND);
  return { instruction, input: input ?? '', response1, response2, rawText, where: record.where };
}

/**
 * alpaca_eval shows the outputs in an order of its own and does not tell which: output_1 counts as slot 1, for that is what
 * its preference names.
 */
function fromAnnotation(record: RawRecord): JudgedTexts {
  const { instruction, input, output_1, output_2, preference, annotator } = checkRecord(
    annotationSchema,
    record,
    KIND,
  );
  const reason = `alpaca_eval's preference ${preference ?? 'null'}${annotator ? ` by ${annotator}` : ''}`;
  return {
    instruction,
    input: input ?? '',
    response1: output_1,
    response2: output_2,
    rawText: `${verdictOf(preference)}\n\n### Reason: ${reason}`,
    where: record.where,
  };
}

/** Which output alpaca_eval's discrete win rate counts; an annotator that failed says nothing that could be read. */
function verdictOf(preference: number | null): string {
  if (preference === null) return 'no preference';
  if (preference === 0 || preference === 1.5) return 'Tie';
  return preference < 1.5 ? '1' : '2';
}

function toJudgement(record: RawRecord): JudgedTexts {
  const { instruction, input, response1, response2, raw, verdict } = checkRecord(recordSchema, record, KIND);
  const rawText = raw ?? (verdict === 0 ? 'Tie' : String(verdict));
  return { instruction, input: input ?? '', response1, response2, rawText, where: record.where };
}

/** PandaLM's form; a verdict of other words stays what it is, and malformed. */
function judgeText({ slotVerdict, text, reason }: ReturnType<typeof readRecordedVerdicts>[number]): string {
  const verdict = slotVerdict === 'tie' ? 'Tie' : text;
  return reason ? `${verdict}\n\n### Reason: ${reason}` : verdict;
}
