/** Pairs of a cell by the outcome of both orders: counted, filtered and sorted. Pure. */
import type { Preference } from '../../core/domain.ts';

/** One instruction of a cell, as its list shows it. */
export interface CellPair {
  readonly instructionId: string;
  readonly position: number;
  /** Beginnings of the texts. */
  readonly instruction: string;
  readonly input: string;
  /** Null: no answer. */
  readonly textA: string | null;
  readonly textB: string | null;
  /** Code points; null likewise. */
  readonly lengthA: number | null;
  readonly lengthB: number | null;
  /** 1: right, 0: wrong, null: the right answer is not known. */
  readonly correctA: number | null;
  readonly correctB: number | null;
  /** `null`: not judged in this order yet. */
  readonly ab: Preference | null;
  readonly ba: Preference | null;
  /** Whether the search text stands in it. */
  readonly found: boolean;
}

export const OUTCOMES = ['a', 'b', 'tie', 'flip', 'malformed', 'open', 'unanswered'] as const;
/** Both orders: they agree on a, b or a tie; they differ; one cannot be read; one is missing; a response is no answer. */
export type PairOutcome = (typeof OUTCOMES)[number];

export function outcomeOf({ ab, ba, textA, textB }: JudgedTexts): PairOutcome {
  if (textA === null || textB === null) return 'unanswered';
  if (ab === null || ba === null) return 'open';
  if (ab === 'malformed' || ba === 'malformed') return 'malformed';
  return ab === ba ? ab : 'flip';
}

/** Texts are missing where only verdicts are at hand. */
type JudgedTexts = Pick<CellPair, 'ab' | 'ba'> & Partial<Pick<CellPair, 'textA' | 'textB'>>;

export const SORTS = ['position', 'outcome', 'longest', 'difference'] as const;
export type PairSort = (typeof SORTS)[number];

const SORT_KEYS: Readonly<Record<PairSort, (pair: CellPair) => number>> = {
  position: () => 0,
  outcome: (pair) => OUTCOMES.indexOf(outcomeOf(pair)),
  longest: ({ lengthA, lengthB }) => -Math.max(lengthA ?? 0, lengthB ?? 0),
  difference: ({ lengthA, lengthB }) => (lengthB ?? 0) - (lengthA ?? 0),
};

/** The found pairs of one outcome (`''`: of any), sorted; equal ones in the order of the set. */
export function chosenPairs(pairs: readonly CellPair[], outcome: string, sort: PairSort): CellPair[] {
  const key = SORT_KEYS[sort];
  return pairs
    .filter((pair) => pair.found && (outcome === '' || outcomeOf(pair) === outcome))
    .sort((one, other) => key(one) - key(other) || one.position - other.position);
}

/** Pairs of each outcome. */
export function countOutcomes(pairs: readonly CellPair[]): Readonly<Record<PairOutcome, number>> {
  const counts = { a: 0, b: 0, tie: 0, flip: 0, malformed: 0, open: 0, unanswered: 0 };
  for (const pair of pairs) counts[outcomeOf(pair)]++;
  return counts;
}

/** What an outcome is called, with the models' names. */
export function outcomeNames([a, b]: readonly [a: string, b: string]): Readonly<Record<PairOutcome, string>> {
  return {
    a: `${a} preferred`,
    b: `${b} preferred`,
    tie: 'tie',
    flip: 'changes with the order',
    malformed: 'malformed',
    open: 'not judged yet',
    unanswered: 'no answer: not judged',
  };
}
