import { describe, expect, it } from 'vitest';
import { causalMask, firstInWindow, positionsAfter } from '../../../src/engine/session/mask.ts';

describe('causalMask', () => {
  it('lets a token look at its row’s past and at new tokens up to itself', () => {
    const mask = causalMask([2, 0], 2, 3);
    const open = Array.from(mask, (value) => (value === 0 ? 'x' : '.')).join('');
    expect(open.match(/.{5}/g)).toEqual(['xx.x.', 'xx.xx', '...x.', '...xx']);
    expect(mask.every((value) => value === 0 || value === Number.NEGATIVE_INFINITY)).toBe(true);
  });

  it('hides what lies before the last `window` tokens, the token itself being one of them', () => {
    const shown = (window: number) => {
      const mask = causalMask([3, 1], 3, 4, window);
      const open = Array.from(mask, (value) => (value === 0 ? 'x' : '.')).join('');
      return open.match(/.{7}/g);
    };
    expect(shown(1)).toEqual(['....x..', '.....x.', '......x', '....x..', '.....x.', '......x']);
    expect(shown(3)).toEqual(['.xx.x..', '..x.xx.', '....xxx', 'x...x..', 'x...xx.', '....xxx']);
    expect(causalMask([3, 1], 3, 4, 6)).toEqual(causalMask([3, 1], 3, 4));
    expect(causalMask([3, 1], 3, 4, 5)).not.toEqual(causalMask([3, 1], 3, 4));
  });
});

describe('firstInWindow', () => {
  it('is the first of the positions that transformers leaves: kv > q − window', () => {
    for (const window of [1, 2, 7]) {
      for (let q = 0; q < 12; q++) {
        const seen = Array.from({ length: q + 1 }, (_, kv) => kv).filter((kv) => kv > q - window);
        expect(firstInWindow(q, window)).toBe(seen[0]);
      }
    }
  });
});

describe('positionsAfter', () => {
  it('counts on from each row’s own length', () => {
    expect([...positionsAfter([0, 7], 3)]).toEqual([0n, 1n, 2n, 7n, 8n, 9n]);
  });
});
