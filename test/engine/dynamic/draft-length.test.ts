import { describe, expect, it } from 'vitest';
import { bestDraftLength, DraftLength, draftCosts } from '../../../src/engine/dynamic/draft-length.ts';

const LLAMA = {
  ...{ hiddenSize: 4096, heads: 32, kvHeads: 32, headDim: 128, intermediateSize: 11008, vocabSize: 32000 },
} as Parameters<typeof draftCosts>[0];

describe('the costs of a draft', () => {
  it('are the share of the weights below the exit, and a part of those above', () => {
    const layer = 4 * 4096 ** 2 + 3 * 4096 * 11008;
    const whole = 32 * layer + 4096 * 32000;
    const { draft, verify } = draftCosts(LLAMA, 8, 32);
    expect(draft).toBeCloseTo((8 * layer + 4096 * 32000) / whole);
    expect(verify).toBeCloseTo((0.15 * (24 * layer + 4096 * 32000)) / whole);
  });
});

describe('the best length of a draft', () => {
  const costs = { draft: 0.3, verify: 0.1 };
  const worth = (acceptance: number, length: number) => {
    const tokens = Array.from({ length: length + 1 }, (_, index) => acceptance ** index);
    return tokens.reduce((sum, chance) => sum + chance) / (1 + length * 0.4);
  };

  it('has the most tokens for the work', () => {
    for (let acceptance = 0; acceptance <= 1; acceptance += 0.05) {
      const lengths = [0, 1, 2, 3, 4, 5, 6];
      const best = bestDraftLength(acceptance, costs, 6);
      expect(worth(acceptance, best)).toBeCloseTo(
        Math.max(...lengths.map((length) => worth(acceptance, length))),
      );
    }
  });

  it('is nothing where drafts are never accepted or cost as much as full depth, and all where they always are', () => {
    expect(bestDraftLength(0, costs, 6)).toBe(0);
    expect(bestDraftLength(1, { draft: 1, verify: 0.1 }, 6)).toBe(0);
    expect(bestDraftLength(1, costs, 6)).toBe(6);
  });
});

describe('a response’s drafts', () => {
  it('stop after rejections, and one is tried again after 16 tokens', () => {
    const length = new DraftLength({ draft: 0.4, verify: 0.1 }, 4);
    expect(length.next()).toBeGreaterThan(0);
    for (let round = 0; round < 4; round++) length.record(1, 0);
    expect(length.next()).toBe(0);
    for (let token = 0; token < 15; token++) length.record(0, 0);
    expect(length.next()).toBe(0);
    length.record(0, 0);
    expect(length.next()).toBe(1);
  });

  it('become longer while they are accepted', () => {
    const length = new DraftLength({ draft: 0.3, verify: 0.1 }, 8);
    const before = length.next();
    for (let round = 0; round < 6; round++) length.record(3, 3);
    expect(length.next()).toBeGreaterThan(before);
  });
});
