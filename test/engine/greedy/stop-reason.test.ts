import { describe, expect, it } from 'vitest';
import { type StopLimits, stopReasonOf } from '../../../src/engine/greedy/stop-reason.ts';

const LIMITS: StopLimits = { eosTokenIds: [1, 2], maxNewTokens: 4, promptTokens: 10, contextLength: 20 };

describe('why a response ends', () => {
  it.each<[tokens: number[], change: Partial<StopLimits>, reason: string | undefined]>([
    [[5], {}, undefined],
    [[5, 6, 7], {}, undefined],
    [[5, 1], {}, 'eos'],
    [[2], {}, 'eos'],
    [[1, 5], {}, undefined],
    [[5, 6, 7, 8], {}, 'token-limit'],
    [[5, 6, 7, 1], {}, 'eos'],
    [[5, 6], { contextLength: 12 }, 'context-end'],
    [[5], { contextLength: 12 }, undefined],
    // Both limits at once.
    [[5, 6, 7, 8], { contextLength: 14 }, 'token-limit'],
    [[5, 6, 7, 8], { contextLength: 14, maxNewTokens: Number.POSITIVE_INFINITY }, 'context-end'],
    [[5, 6], { eosTokenIds: [] }, undefined],
  ])('%j with %j: %s', (tokens, change, reason) => {
    expect(stopReasonOf(tokens, { ...LIMITS, ...change })).toBe(reason);
  });

  it('is the caller’s own where it says so, after the end of sequence and before every limit', () => {
    const stopWhen = (tokens: readonly number[]) => tokens.includes(5);
    expect(stopReasonOf([5, 6], { ...LIMITS, stopWhen })).toBe('stop-text');
    expect(stopReasonOf([5, 1], { ...LIMITS, stopWhen })).toBe('eos');
    expect(stopReasonOf([6, 5, 6, 6], { ...LIMITS, stopWhen })).toBe('stop-text');
    expect(stopReasonOf([6], { ...LIMITS, stopWhen })).toBeUndefined();
  });
});
