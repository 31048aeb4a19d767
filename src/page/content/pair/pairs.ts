/** Pairs of a cell by the outcome of both orders: counted, filtered and sorted. Pure. */
import type { DegenerationClass, Preference } from '../../../core/domain.ts';

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

/** What a list of pairs is narrowed by; a pair's page walks through the same list. `''`: by nothing. */
export interface PairChoice {
  readonly outcome: string;
  readonly category: string;
  readonly filter: string;
  readonly search: string;
  readonly sort: PairSort;
}

/** The found and chosen pairs, sorted; equal ones in the order of the set. */
export function chosenPairs(pairs: readonly LabelledPair[], choice: PairChoice): LabelledPair[] {
  const { outcome, category, filter } = choice;
  const key = SORT_KEYS[choice.sort];
  const isKept = FILTERS.find((name) => name === filter);
  return pairs
    .filter((pair) => pair.found && (outcome === '' || outcomeOf(pair) === outcome))
    .filter((pair) => category === '' || pair.category === category)
    .filter((pair) => isKept === undefined || FILTER_RULES[isKept](pair))
    .sort((one, other) => key(one) - key(other) || one.position - other.position);
}

/** A pair with what is known of it beyond its texts and verdicts. */
export interface LabelledPair extends CellPair {
  /** Null: the set names none. */
  readonly category: string | null;
  /** Null: not measured. */
  readonly looksA: DegenerationClass | null;
  readonly looksB: DegenerationClass | null;
  /** Starred, or with a note, in this browser. */
  readonly isMarked: boolean;
}

export const FILTERS = ['disagreement', 'degenerate-a', 'degenerate-b', 'marked'] as const;
export type PairFilter = (typeof FILTERS)[number];

const FILTER_RULES: Readonly<Record<PairFilter, (pair: LabelledPair) => boolean>> = {
  disagreement: isDisagreement,
  'degenerate-a': ({ looksA }) => isDegenerate(looksA),
  'degenerate-b': ({ looksB }) => isDegenerate(looksB),
  marked: ({ isMarked }) => isMarked,
};

function isDegenerate(looks: DegenerationClass | null): boolean {
  return looks !== null && looks !== 'ordinary';
}

/** Just one answer is right, and in some order the judge prefers the other. */
export function isDisagreement({ correctA, correctB, ab, ba }: CellPair): boolean {
  if (correctA === null || correctB === null || correctA === correctB) return false;
  const wrong = correctA === 1 ? 'b' : 'a';
  return ab === wrong || ba === wrong;
}

export function filterNames([a, b]: readonly [a: string, b: string]): Readonly<Record<PairFilter, string>> {
  return {
    disagreement: 'the judge against the right answer',
    'degenerate-a': `${a} degenerate`,
    'degenerate-b': `${b} degenerate`,
    marked: 'starred or with a note',
  };
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
