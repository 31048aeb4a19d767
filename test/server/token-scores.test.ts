import { describe, expect, it } from 'vitest';
import { logProbabilities, mostLikely, samplerOf, scoreToken } from '../../src/server/lane/token-scores.ts';

const logits = Float32Array.of(1, 3, 3, -2, 0);
const probabilities = [...logProbabilities(logits)].map(Math.exp);

describe('logits of a token', () => {
  it('become log-probabilities that add up to 1, however large they are', () => {
    expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
    const far = logits.map((logit) => logit + 1000);
    expect([...logProbabilities(far)].map(Math.exp)).toEqual(
      probabilities.map((value) => expect.closeTo(value, 6)),
    );
  });

  it('have the lowest id of the largest one as their choice', () => {
    expect(mostLikely(logits)).toBe(1);
  });

  it('name the most likely ids, falling, of equal ones the lower first', () => {
    const scored = scoreToken(logProbabilities(logits), 4, 3);
    expect(scored.top.map(([id]) => id)).toEqual([1, 2, 0]);
    expect(Math.exp(scored.logprob)).toBeCloseTo(probabilities[4]!, 12);
    expect(scoreToken(logProbabilities(logits), 4, 0).top).toEqual([]);
  });
});

describe('drawn tokens', () => {
  const drawn = (count: number, temperature: number, topP: number, seed = 1) => {
    const draw = samplerOf({ temperature, topP, seed });
    return Array.from({ length: count }, () => draw(logits));
  };

  it('come as often as their probability says', () => {
    const all = drawn(20_000, 1, 1);
    for (const [id, probability] of probabilities.entries()) {
      const share = all.filter((one) => one === id).length / all.length;
      expect(Math.abs(share - probability)).toBeLessThan(0.015);
    }
  });

  it('are the same for the same seed, and others for another', () => {
    expect(drawn(50, 1, 1, 7)).toEqual(drawn(50, 1, 1, 7));
    expect(drawn(50, 1, 1, 7)).not.toEqual(drawn(50, 1, 1, 8));
  });

  it('are of the most likely ones that reach top_p together', () => {
    expect([...new Set(drawn(500, 1, 0.5))].sort()).toEqual([1, 2]);
    expect(new Set(drawn(500, 1, 0.01))).toEqual(new Set([1]));
  });

  it('are the most likely ones alone at a low temperature', () => {
    expect([...new Set(drawn(500, 0.05, 1))].sort()).toEqual([1, 2]);
  });
});
