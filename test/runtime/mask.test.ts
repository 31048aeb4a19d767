import { describe, expect, it } from 'vitest';
import { causalMask, positionsAfter } from '../../src/runtime/mask.ts';
import { ropeTables } from '../../src/runtime/rope.ts';

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

describe('ropeTables', () => {
  const tables = ropeTables({ headDim: 4, ropeTheta: 100, contextLength: 3000 } as never);

  it('turns pair i of a position by position / theta^(2i / headDim)', () => {
    expect(tables.cos.length).toBe(6000);
    expect(tables.cos[2 * 5]).toBeCloseTo(Math.cos(5), 6);
    expect(tables.sin[2 * 5 + 1]).toBeCloseTo(Math.sin(0.5), 6);
  });

  it('rounds frequency and angle to float32 first, as transformers does', () => {
    const angle = Math.fround(2999 * Math.fround(1 / 100 ** 0.5));
    expect(tables.sin[2 * 2999 + 1]).toBe(Math.fround(Math.sin(angle)));
  });
});
