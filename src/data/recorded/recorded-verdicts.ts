/**
 * Reads verdicts that a judge gave earlier on labelled pairs, in the format of PandaLM's `data/`: `idx` beside
 * `pandalm_result` (0 tie, 1, 2) or `gpt_result` ("1", "2", "Tie" or other text).
 */

import { z } from 'zod';
import type { SlotVerdict } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { strip } from '../../core/text/strip.ts';
import type { LabelledPair } from '../human-labels.ts';
import { checkRecord, type RawRecord, type RecordKind, readRecords } from '../read-records.ts';
import { refuseRepeatedIndices } from '../repeated-index.ts';

/** A verdict on the labelled pair with the same index. */
export interface RecordedVerdict {
  readonly index: number;
  readonly slotVerdict: SlotVerdict;
  /** The result as the file has it. */
  readonly text: string;
  readonly reason?: string;
}

/** A labelled pair with its recorded verdict. */
export interface JudgedPair extends LabelledPair {
  readonly verdict: SlotVerdict;
}

const KIND: RecordKind = {
  code: 'bad-schema',
  record: 'a verdict: idx and pandalm_result (0 tie, 1, 2) or gpt_result ("1", "2", "Tie")',
};

const result = z.union([z.literal([0, 1, 2]), z.string()], { error: '0, 1, 2 or a text' }).optional();
const text = z.string({ error: 'a text' }).nullish();
const recordSchema = z
  .looseObject({
    idx: z.int({ error: 'a whole number' }),
    pandalm_result: result,
    pandalm_reason: text,
    gpt_result: result,
    gpt_reason: text,
  })
  .refine((record) => (record.pandalm_result === undefined) !== (record.gpt_result === undefined), {
    error: 'pandalm_result or gpt_result, one of the two',
    path: ['pandalm_result'],
  });

/**
 * The verdicts of a file, in its order. PandaLM writes the number 0 for a tie; text other than `1`, `2` and `tie` is
 * malformed, `0` and upstream's `garbage` included.
 *
 * @throws InputError as `readRecords` does; `bad-schema` where a record is no verdict or an `idx` comes twice.
 */
export function readRecordedVerdicts(path: string): RecordedVerdict[] {
  const records = readRecords(path, KIND);
  const verdicts = records.map(toVerdict);
  refuseRepeatedIndices(
    verdicts.map(({ index }, position) => ({ index, where: records[position]!.where })),
    'bad-schema',
  );
  return verdicts;
}

/**
 * Every labelled pair with its verdict.
 *
 * @param where the verdicts' file, for the error
 * @throws InputError `bad-results` where a pair has no verdict or a verdict no pair: the two files do not belong together.
 */
export function joinVerdicts(
  pairs: readonly LabelledPair[],
  verdicts: readonly RecordedVerdict[],
  where: string,
): JudgedPair[] {
  const verdictOf = new Map(verdicts.map(({ index, slotVerdict }) => [index, slotVerdict]));
  const missing = pairs.filter(({ index }) => !verdictOf.has(index));
  if (missing.length > 0) throw notMatching(where, `none for idx ${listIndices(missing)}`);
  const labelled = new Set(pairs.map(({ index }) => index));
  const extra = verdicts.filter(({ index }) => !labelled.has(index));
  if (extra.length > 0) throw notMatching(where, `verdicts on unlabelled idx ${listIndices(extra)}`);
  return pairs.map((pair) => ({ ...pair, verdict: verdictOf.get(pair.index)! }));
}

function toVerdict(record: RawRecord): RecordedVerdict {
  const { idx, ...rest } = checkRecord(recordSchema, record, KIND);
  const value = (rest.pandalm_result ?? rest.gpt_result)!;
  const reason = rest.pandalm_reason ?? rest.gpt_reason;
  return { index: idx, slotVerdict: readResult(value), text: String(value), ...(reason ? { reason } : {}) };
}

function readResult(value: 0 | 1 | 2 | string): SlotVerdict {
  if (typeof value === 'number') return (['tie', '1', '2'] as const)[value];
  const word = strip(value).toLowerCase();
  return word === '1' || word === '2' || word === 'tie' ? word : 'malformed';
}

function listIndices(records: readonly { readonly index: number }[]): string {
  const shown = records.slice(0, 5).map(({ index }) => index);
  return `${shown.join(', ')}${records.length > 5 ? ` and ${records.length - 5} more` : ''}`;
}

function notMatching(where: string, found: string): InputError {
  return new InputError({
    code: 'bad-results',
    where,
    expected: 'one verdict for each labelled pair',
    found,
    fix: 'Give the verdicts and the labels of the same pairs.',
  });
}
