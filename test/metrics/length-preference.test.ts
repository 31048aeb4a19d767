import { describe, expect, it } from 'vitest';
import type { SlotVerdict } from '../../src/core/domain.ts';
import { lengthPreference } from '../../src/metrics/length-preference.ts';

const pair = (response1: string, response2: string, verdict: SlotVerdict) => ({
  response1,
  response2,
  verdict,
});

const measured = (...pairs: ReturnType<typeof pair>[]) => lengthPreference(pairs, ({ verdict }) => verdict);

describe('lengthPreference', () => {
  it('is the share of decisive verdicts for the longer response; equal lengths stand apart', () => {
    const pairs = [pair('long', 'a', '1'), pair('a', 'long', '2'), pair('long', 'a', '2')];
    const rest = [pair('ab', 'cd', '1'), pair('long', 'a', 'tie'), pair('long', 'a', 'malformed')];
    expect(measured(...pairs, ...rest)).toEqual({
      longer: { count: 2, total: 3, share: 2 / 3 },
      equal: 1,
    });
  });

  it('counts code points, and no white space at the ends', () => {
    expect(measured(pair('🙂🙂', 'ab', '1'), pair('ab \n', ' ab', '2')).equal).toBe(2);
  });

  it('is not known where no verdict prefers one of two unequal responses', () => {
    expect(measured(pair('a', 'bb', 'tie')).longer.share).toBeUndefined();
  });
});
