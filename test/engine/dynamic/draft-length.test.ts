import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestDraftLength,
  DraftLength,
  draftCosts,
  MAX_WASTE,
  readingSteps,
} from '../../../src/engine/dynamic/draft-length.ts';
import { check } from '../../properties/check.ts';

const plainRound = { drafted: 0, compared: 0, accepted: 0 };
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
    const length = new DraftLength({ draft: 0.4, verify: 0.1 }, 4, 1000);
    expect(length.next()).toBeGreaterThan(0);
    for (let round = 0; round < 4; round++) length.record({ drafted: 1, compared: 1, accepted: 0 });
    expect(length.next()).toBe(0);
    for (let token = 0; token < 15; token++) length.record(plainRound);
    expect(length.next()).toBe(0);
    length.record(plainRound);
    expect(length.next()).toBe(1);
  });

  it('become longer while they are accepted', () => {
    const length = new DraftLength({ draft: 0.3, verify: 0.1 }, 8, 50);
    const before = length.next();
    for (let round = 0; round < 6; round++) length.record({ drafted: 3, compared: 3, accepted: 3 });
    expect(length.next()).toBeGreaterThan(before);
  });

  it('never waste more than a tenth of what plain decoding takes, prompt included, whatever is accepted', () => {
    const run = fc.record({
      costs: fc.record({
        draft: fc.double({ min: 0.05, max: 1, noNaN: true }),
        verify: fc.double({ min: 0.01, max: 0.3, noNaN: true }),
      }),
      most: fc.integer({ min: 1, max: 8 }),
      promptTokens: fc.integer({ min: 1, max: 300 }),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
    });
    check(run, ({ costs, most, promptTokens, shares }) => {
      const length = new DraftLength(costs, most, promptTokens);
      let [plain, work] = [readingSteps(promptTokens), readingSteps(promptTokens)];
      for (const share of shares) {
        const drafted = length.next();
        const accepted = Math.floor(share * drafted);
        length.record({ drafted, compared: Math.min(drafted, accepted + 1), accepted });
        plain += 1 + accepted;
        work += 1 + drafted * (costs.draft + costs.verify);
        expect(work).toBeLessThanOrEqual((1 + MAX_WASTE) * plain + 1e-9);
      }
    });
  });
});
