/** Which thresholds of adaptive depth keep a wanted share of full depth's answers. Pure. */
import type { ConfidenceTrace } from './confidence-trace.ts';

/** Exit → threshold; exits without one are not asked. */
export type Thresholds = ReadonlyMap<number, number>;

/** What thresholds would have done on the traces. */
export interface CalibrationOutcome {
  /** Share of the answers that are full depth's, token for token. */
  readonly share: number;
  /** Layers a token along these answers. */
  readonly meanLayers: number;
  /** Layers a token and the heads that were asked, in layers. */
  readonly work: number;
}

/** What a token costs. */
export interface DepthCosts {
  /** Layers of the deepest exit. */
  readonly depth: number;
  /** A head's weights, in layers. */
  readonly headLayers: number;
}

export interface WantedShare {
  /** 0 to 1, of full depth's answers. */
  readonly share: number;
  /** Of the claim that the share holds for other instructions of this kind, 0 to 1; undefined: that it holds for these. */
  readonly certainty?: number | undefined;
}

/** Falling: fine where it decides, and short to write into a sweep file. */
const CANDIDATES = [
  ...[1, 0.9999, 0.999, 0.998, 0.995],
  ...Array.from({ length: 100 }, (_, index) => (99 - index) / 100),
];

export function outcomeOf(
  traces: readonly ConfidenceTrace[],
  thresholds: Thresholds,
  { depth, headLayers }: DepthCosts,
): CalibrationOutcome {
  const sum = { kept: 0, tokens: 0, layers: 0, heads: 0 };
  for (const trace of traces) {
    let isKept = true;
    for (const guesses of trace) {
      const asked = guesses.filter(({ exit }) => thresholds.has(exit));
      const left = asked.findIndex(({ exit, confidence }) => confidence >= thresholds.get(exit)!);
      sum.tokens += 1;
      sum.layers += asked[left]?.exit ?? depth;
      sum.heads += left < 0 ? asked.length + 1 : left + 1;
      if (left >= 0 && !asked[left]!.isRight) isKept = false;
    }
    if (isKept) sum.kept += 1;
  }
  const meanLayers = sum.layers / sum.tokens;
  return {
    share: sum.kept / traces.length,
    meanLayers,
    work: meanLayers + (sum.heads / sum.tokens) * headLayers,
  };
}

/**
 * The lowest threshold of all exits that keeps the share, as every higher one does: from 1 downward, the last before the
 * first that does not. With a certainty this is fixed sequence testing, as CALM calibrates (Schuster et al. 2022, after
 * "Learn then Test"): every threshold on the way has an exact binomial test of its own.
 * @returns undefined where even 1 does not keep it
 */
export function lowestThreshold(
  traces: readonly ConfidenceTrace[],
  exits: readonly number[],
  wanted: WantedShare,
  costs: DepthCosts,
): Thresholds | undefined {
  let lowest: Thresholds | undefined;
  for (const candidate of CANDIDATES) {
    const thresholds = new Map(exits.map((exit) => [exit, candidate]));
    if (!isKept(outcomeOf(traces, thresholds, costs).share, traces.length, wanted)) break;
    lowest = thresholds;
  }
  return lowest;
}

/** Rounds over the exits; more change little. */
const ROUNDS = 2;

/**
 * A threshold for each exit: one after the other takes the value, or none, with the least work that keeps the share
 * beside the others' values.
 * @param start thresholds that keep it
 */
export function thresholdsByExit(
  traces: readonly ConfidenceTrace[],
  exits: readonly number[],
  wanted: WantedShare,
  costs: DepthCosts,
  start: Thresholds,
): Thresholds {
  let best = start;
  for (let round = 0; round < ROUNDS; round++) {
    for (const exit of exits) {
      const others = [...best].filter(([other]) => other !== exit);
      const tried = [others, ...CANDIDATES.map((value) => [...others, [exit, value] as const])];
      best = leastWork(
        tried.map((entries) => new Map(entries)),
        best,
      );
    }
  }
  return new Map([...best].sort(([left], [right]) => left - right));

  function leastWork(all: readonly Thresholds[], before: Thresholds): Thresholds {
    const outcomes = all.map((thresholds) => ({ thresholds, ...outcomeOf(traces, thresholds, costs) }));
    const kept = outcomes.filter(({ share }) => isKept(share, traces.length, wanted));
    const first = { thresholds: before, ...outcomeOf(traces, before, costs) };
    return kept.reduce((least, next) => (next.work < least.work ? next : least), first).thresholds;
  }
}

function isKept(found: number, answers: number, { share, certainty }: WantedShare): boolean {
  if (certainty === undefined) return found >= share;
  return upperTail(Math.round(found * answers), answers, share) <= 1 - certainty;
}

/** P(Binomial(`trials`, `chance`) ≥ `hits`), through logarithms. */
export function upperTail(hits: number, trials: number, chance: number): number {
  if (hits === 0 || chance === 1) return 1;
  if (chance === 0) return 0;
  let logChoose = 0;
  let tail = 0;
  for (let count = 0; count <= trials; count++) {
    if (count > 0) logChoose += Math.log(trials - count + 1) - Math.log(count);
    const logTerm = logChoose + count * Math.log(chance) + (trials - count) * Math.log1p(-chance);
    if (count >= hits) tail += Math.exp(logTerm);
  }
  return Math.min(1, tail);
}
