/**
 * Rules that views follow, as SQL expressions generated from the constants of `core/` and `metrics/`. This is
 * the only place where they stand; test/support/oracles has the same rules in TypeScript, to check these
 * against.
 *
 * `ab` and `ba` are columns with the preferences of a pair in the two orders, `winner` the model whose
 * response alone is right.
 */
import {
  type DegenerationClass,
  type MalformedRule,
  ORDERS,
  type Order,
  type Policy,
  PREFERENCE_OF,
  type Preference,
  SLOT_VERDICTS,
  type SlotVerdict,
} from '../../core/domain.ts';
import { WHITE_SPACE_CODE_POINTS } from '../../core/text/strip.ts';
import { DEGENERATE_CLASSES, DEGENERATE_LIMITS } from '../../metrics/degeneration.ts';
import { sqlList, sqlText } from '../schema/sql-list.ts';

/** Which model a verdict favours. @param order, verdict columns */
export function preference(order: string, verdict: string): string {
  const inOrder = (value: Order) =>
    caseOf(
      verdict,
      SLOT_VERDICTS.map((slot) => [slot, sqlText(PREFERENCE_OF[value][slot])]),
    );
  return caseOf(
    order,
    ORDERS.map((value) => [value, inOrder(value)]),
  );
}

/** A preference as a literal: a renamed one fails to compile. */
export const preferring = (value: Preference) => sqlText(value);

/** A slot verdict as a literal. */
export const slotVerdict = (value: SlotVerdict) => sqlText(value);

/** Both verdicts are readable. */
export const IS_READ = `(ab <> ${preferring('malformed')} AND ba <> ${preferring('malformed')})`;

/** The preference changes with the order. */
export const IS_FLIP = 'ab <> ba';

/** The preference stays in the other order; malformed verdicts keep nothing. */
export const IS_CONSISTENT = `(ab = ba AND ab <> ${preferring('malformed')})`;

/** How many of the two verdicts name a slot. */
export const DECISIVE_VERDICTS = verdictsFor(({ '1': first, '2': second }) => [first, second]);

/** How many of the two verdicts name slot 1. */
export const FIRST_SLOT_VERDICTS = verdictsFor(({ '1': first }) => [first]);

/** How many of the two verdicts prefer a model: a literal, or a column with its letter. */
export const verdictsThatPrefer = (model: string) => `((ab = ${model}) + (ba = ${model}))`;

/**
 * The model whose response alone is right; NULL where both are, neither is, or the right answer is unknown.
 */
export const winner = (correctA: string, correctB: string) =>
  `CASE WHEN ${correctA} > ${correctB} THEN ${preferring('a')} WHEN ${correctA} < ${correctB} THEN ${preferring('b')} END`;

/** Share of verdicts, two a pair, that prefer the only right response; NULL where no pair has one. */
export const AGREEMENT = `avg(${verdictsThatPrefer('winner')}) / 2`;

const WHITE_SPACE = `char(${WHITE_SPACE_CODE_POINTS.join(', ')})`;

/**
 * Whether a response is the known answer: equal once white space at the ends is gone, case and all else kept.
 */
export const isCorrect = (response: string, answer: string) =>
  `trim(${response}, ${WHITE_SPACE}) = trim(${answer}, ${WHITE_SPACE})`;

export const tokensPerSecond = (tokens: string, durationMs: string) => `${tokens} * 1000.0 / ${durationMs}`;

/** Columns that the degeneration class of a response is made of. */
interface QualityColumns {
  readonly characters: string;
  readonly repetition: string;
  readonly compression: string;
  readonly meanLogProbability: string;
}

/** Degeneration class of a response; a comparison with NULL, which was not measured, is not true. */
export function degenerationClass(columns: QualityColumns): string {
  const { repetition, compression, meanLogProbability } = DEGENERATE_LIMITS;
  return `
  CASE WHEN ${columns.characters} = 0 THEN ${classed('empty')}
       WHEN ${columns.repetition} >= ${repetition} OR ${columns.compression} <= ${compression} THEN ${classed('repetitive')}
       WHEN ${columns.meanLogProbability} < ${meanLogProbability} THEN ${classed('unlikely')}
       ELSE ${classed('ordinary')} END`;
}

/**
 * What a pair adds to its cell's score, in [−1, 1]; positive: for model a. As `outcomeValue` of `judge/reconcile.ts`.
 * @param policy, malformedRule columns
 */
export function pairValue(policy: string, malformedRule: string): string {
  const sign = (side: 'ab' | 'ba') => `((${side} = ${preferring('a')}) - (${side} = ${preferring('b')}))`;
  const both = `(${sign('ab')} + ${sign('ba')})`;
  const isConflict = `${sign('ab')} * ${sign('ba')} < 0`;
  return `
  CASE WHEN ${policy} IN ${sqlList(['average', 'pooled'] satisfies Policy[])} THEN ${both} / 2.0
       WHEN ${malformedRule} = ${sqlText('dropped' satisfies MalformedRule)} AND NOT ${IS_READ} THEN 0.0
       WHEN ${policy} = ${sqlText('conflict-is-tie' satisfies Policy)} THEN 1.0 * ((${both} > 0) - (${both} < 0))
       WHEN ${policy} = ${sqlText('pandalm-author' satisfies Policy)} THEN iif(${isConflict}, 0.0, 1.0 * ${sign('ab')})
       WHEN ${sign('ab')} = ${sign('ba')} THEN 1.0 * ${sign('ab')} ELSE 0.0 END`;
}

/** A degeneration class as a literal. */
export const classed = (value: DegenerationClass) => sqlText(value);

export const isDegenerate = (classColumn: string) => `${classColumn} IN ${sqlList(DEGENERATE_CLASSES)}`;

/** `part / whole`; NULL where the whole is 0. */
export const share = (part: string, whole: string) => `1.0 * ${part} / nullif(${whole}, 0)`;

function caseOf(column: string, branches: readonly (readonly [value: string, result: string])[]): string {
  const whens = branches.map(([value, result]) => `WHEN ${sqlText(value)} THEN ${result}`);
  return `CASE ${column} ${whens.join(' ')} END`;
}

/** Counts the orders whose preference is one of those that `choose` takes from what the slots mean there. */
function verdictsFor(choose: (slots: (typeof PREFERENCE_OF)[Order]) => readonly Preference[]): string {
  return `(${ORDERS.map((order) => `(${order} IN ${sqlList(choose(PREFERENCE_OF[order]))})`).join(' + ')})`;
}
