import { describe, expect, it } from 'vitest';
import { causalMask, positionsAfter } from '../../../src/engine/session/mask.ts';

describe('causalMask', () => {
  it('lets a token look at its row’s past and at new tokens up to itself', () => {
    const mask = causalMask([2, 0], 2, 3);
    const open = Array.from(mask, (value) => (value === 0 ? 'x' : '.')).join('');
    expect(open.match(/.{5}/g)).toEqual(['xx.x.', 'xx.xx', '...x.', '...xx']);
    expect(mask.every((value) => value === 0 || value === Number.NEGATIVE_INFINITY)).toBe(true);
  });
});

describe('positionsAfter', () => {
  it('counts on from each row’s own length', () => {
    expect([...positionsAfter([0, 7], 3)]).toEqual([0n, 1n, 2n, 7n, 8n, 9n]);
  });
});
