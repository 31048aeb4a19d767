import { describe, expect, it } from 'vitest';
import { score } from '../../../src/page/content/number-text.ts';

describe('score', () => {
  it('writes nothing that rounds to 0 with a minus', () => {
    expect([-0, -0.004, -0.006, 0.5].map(score)).toEqual(['0.00', '0.00', '-0.01', '0.50']);
  });
});
