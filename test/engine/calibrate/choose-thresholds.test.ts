import { describe, expect, it } from 'vitest';
import {
  lowestThreshold,
  outcomeOf,
  thresholdsByExit,
  upperTail,
} from '../../../src/engine/calibrate/choose-thresholds.ts';
import type { ConfidenceTrace } from '../../../src/engine/calibrate/confidence-trace.ts';

const COSTS = { depth: 4, headLayers: 1 };
const guess = (exit: number, confidence: number, isRight: boolean) => ({ exit, confidence, isRight });

/** Exit 1 is wrong where it is unsure; exit 2 is right, and sure of one token alone. */
const TRACES: ConfidenceTrace[] = [
  [
    [guess(1, 0.95, true), guess(2, 0.5, true)],
    [guess(1, 0.3, false), guess(2, 0.9, true)],
  ],
  [[guess(1, 0.6, false), guess(2, 0.4, true)]],
];

describe('thresholds on traces', () => {
  it('keep an answer if no token leaves where the exit is wrong; a token costs its layers and the heads that were asked', () => {
    const both = new Map([
      [1, 0.5],
      [2, 0.5],
    ]);
    // Tokens leave at 1, 2 and 1 after 1, 2 and 1 heads; the second answer leaves with a wrong token.
    expect(outcomeOf(TRACES, both, COSTS)).toEqual({ share: 0.5, meanLayers: 4 / 3, work: 8 / 3 });
    // Exit 2 alone: the third token goes to full depth.
    expect(outcomeOf(TRACES, new Map([[2, 0.5]]), COSTS)).toEqual({
      share: 1,
      meanLayers: 8 / 3,
      work: 8 / 3 + 4 / 3,
    });
    expect(outcomeOf(TRACES, new Map(), COSTS)).toEqual({ share: 1, meanLayers: 4, work: 5 });
  });

  it('are the lowest of all exits that keep the share', () => {
    expect(lowestThreshold(TRACES, [1, 2], { share: 1 }, COSTS)!.get(1)).toBe(0.61);
    expect(lowestThreshold(TRACES, [1, 2], { share: 0.5 }, COSTS)!.get(1)).toBe(0.31);
    const never: ConfidenceTrace[] = [[[guess(1, 1, false)]]];
    expect(lowestThreshold(never, [1], { share: 1 }, COSTS)).toBeUndefined();
  });

  it('need more of the answers kept where the share is to hold with a certainty', () => {
    const right: ConfidenceTrace = [[guess(1, 0.5, true)]];
    const wrong: ConfidenceTrace = [[guess(1, 0.4, false)]];
    const traces = [...Array.from({ length: 48 }, () => right), wrong, wrong];
    expect(lowestThreshold(traces, [1], { share: 0.9 }, COSTS)!.get(1)).toBe(0);
    // Of 50, 48 are too few to be sure of nine in ten: P(Binomial(50, 0.9) ≥ 48) = 0.11.
    expect(lowestThreshold(traces, [1], { share: 0.9, certainty: 0.95 }, COSTS)!.get(1)).toBe(0.41);
    expect(lowestThreshold(traces, [1], { share: 0.9, certainty: 0.85 }, COSTS)!.get(1)).toBe(0);
  });

  it('by exit take less work, and leave out an exit that is not worth its head', () => {
    const start = lowestThreshold(TRACES, [1, 2], { share: 1 }, COSTS)!;
    const chosen = thresholdsByExit(TRACES, [1, 2], { share: 1 }, COSTS, start);
    const before = outcomeOf(TRACES, start, COSTS);
    const after = outcomeOf(TRACES, chosen, COSTS);
    expect(after.share).toBe(1);
    expect(after.work).toBeLessThan(before.work);
    const useless: ConfidenceTrace[] = [[[guess(1, 0.1, false), guess(2, 0.9, true)]]];
    const both = new Map([
      [1, 0.5],
      [2, 0.5],
    ]);
    expect([...thresholdsByExit(useless, [1, 2], { share: 1 }, COSTS, both).keys()]).toEqual([2]);
  });

  it.each([
    [8, 10, 0.5, 0.0546875],
    [20, 20, 0.9, 0.12157665459056928],
    [0, 5, 0.3, 1],
    [48, 50, 0.9, 0.11172875634634714],
    [5, 5, 1, 1],
  ])('P(Binomial ≥ %d of %d at %d) is %d', (hits, trials, chance, expected) => {
    expect(upperTail(hits, trials, chance)).toBeCloseTo(expected, 10);
  });
});
