import { expect, it } from 'vitest';
import { KvCache } from '../../../src/engine/cache/kv-cache.ts';
import { causalStep } from '../../../src/engine/session/step-input.ts';

it('a causal step has rows, positions and a mask that fit its cache', () => {
  const past = new KvCache({ layers: 1, kvHeads: 1, headDim: 1 }, 3);
  const step = causalStep({ attentionWindow: null }, [5, 0], 2, past);
  expect(step).toMatchObject({ rows: 2, queryLength: 2, past });
  expect([...step.positionIds]).toEqual([5n, 6n, 0n, 1n]);
  expect(step.mask).toHaveLength(2 * 2 * (past.capacity + 2));
  expect(step.mask.filter((value) => value === 0)).toHaveLength(6 + 7 + 1 + 2);
  expect('rope' in step).toBe(false);
  expect('windowMask' in step).toBe(false);
});

it('a causal step of a network with a window has a mask for it, beside the other', () => {
  const past = new KvCache({ layers: 1, kvHeads: 1, headDim: 1 }, 3);
  const step = causalStep({ attentionWindow: { tokens: 2, layers: [0] } }, [5, 0], 2, past);
  expect(step.mask.filter((value) => value === 0)).toHaveLength(6 + 7 + 1 + 2);
  expect(step.windowMask!.filter((value) => value === 0)).toHaveLength(2 + 2 + 1 + 2);
});
