/** Pairs of a cell: what both orders say together, counted, filtered and sorted. Pure. */
import type { Preference } from '../core/domain.ts';

/** One instruction of a cell, as its list shows it. */
export interface CellPair {
  readonly instructionId: string;
  readonly position: number;
  /** Beginnings of the texts. */
  readonly instruction: string;
  readonly input: string;
  readonly textA: string;
  readonly textB: string;
  /** Code points. */
  readonly lengthA: number;
  readonly lengthB: number;
  /** 1: right, 0: wrong, null: the right answer is not known. */
  readonly correctA: number | null;
  readonly correctB: number | null;
  /** `null`: not judged in this order yet. */
  readonly ab: Preference | null;
  readonly ba: Preference | null;
  /** Whether the text that was searched for stands in it. */
  readonly found: boolean;
}

export const OUTCOMES = ['a', 'b', 'tie', 'flip', 'malformed', 'open'] as const;
/** Both orders: they agree on a, b or a tie; they differ; one cannot be read; one is missing. */
export type PairOutcome = (typeof OUTCOMES)[number];

export function outcomeOf({ ab, ba }: Pick<CellPair, 'ab' | 'ba'>): PairOutcome {
  if (ab === null || ba === null) return 'open';
  if (ab === 'malformed' || ba === 'malformed') return 'malformed';
  return ab === ba ? ab : 'flip';
}

export const SORTS = ['position', 'outcome', 'longest', 'difference'] as const;
export type PairSort = (typeof SORTS)[number];

const SORT_KEYS: Readonly<Record<PairSort, (pair: CellPair) => number>> = {
  position: () => 0,
  outcome: (pair) => OUTCOMES.indexOf(outcomeOf(pair)),
  longest: ({ lengthA, lengthB }) => -Math.max(lengthA, lengthB),
  difference: ({ lengthA, lengthB }) => lengthB - lengthA,
};

/** The found pairs of one outcome (`''`: of any), sorted; equal ones in the order of the set. */
export function chosenPairs(pairs: readonly CellPair[], outcome: string, sort: PairSort): CellPair[] {
  const key = SORT_KEYS[sort];
  return pairs
    .filter((pair) => pair.found && (outcome === '' || outcomeOf(pair) === outcome))
    .sort((one, other) => key(one) - key(other) || one.position - other.position);
}

export interface CellCounts {
  readonly outcomes: Readonly<Record<PairOutcome, number>>;
  /** Verdicts by order. */
  readonly orders: Readonly<Record<'ab' | 'ba', Readonly<Record<Preference, number>>>>;
  /** Pairs with two readable verdicts, and those of them whose preference changes with the order. */
  readonly readPairs: number;
  readonly flips: number;
  /** Verdicts on pairs with just one right answer, and those of them that prefer it. */
  readonly decidable: number;
  readonly agreeing: number;
}

export function countPairs(pairs: readonly CellPair[]): CellCounts {
  const outcomes = countBy(pairs.map(outcomeOf), OUTCOMES);
  const readPairs = outcomes.a + outcomes.b + outcomes.tie + outcomes.flip;
  const verdicts = pairs.flatMap((pair) => {
    const winner = rightOne(pair);
    return winner === undefined || pair.ab === null || pair.ba === null
      ? []
      : [pair.ab === winner, pair.ba === winner];
  });
  return {
    outcomes,
    orders: { ab: countOrder(pairs, 'ab'), ba: countOrder(pairs, 'ba') },
    readPairs,
    flips: outcomes.flip,
    decidable: verdicts.length,
    agreeing: verdicts.filter(Boolean).length,
  };
}

function rightOne({ correctA, correctB }: CellPair): 'a' | 'b' | undefined {
  if (correctA === null || correctB === null || correctA === correctB) return undefined;
  return correctA > correctB ? 'a' : 'b';
}

function countOrder(pairs: readonly CellPair[], order: 'ab' | 'ba') {
  const preferences = pairs.map((pair) => pair[order]).filter((preference) => preference !== null);
  return countBy(preferences, ['a', 'b', 'tie', 'malformed'] as const);
}

function countBy<Name extends string>(values: readonly Name[], names: readonly Name[]): Record<Name, number> {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (const value of values) counts[value]++;
  return counts;
}
