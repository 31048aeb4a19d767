import { describe, expect, it } from 'vitest';
import { DEGENERATE_LIMITS, MIN_MEASURED_CHARACTERS, REPETITION } from '../../src/metrics/degeneration.ts';
import { textQuality } from '../../src/metrics/repetition.ts';

const LETTER =
  'Dear Ms Brown, thank you for your order of 12 May. The blue chairs are on their way and should reach you within a week; ' +
  'the table has to be made first, which takes until the middle of June. Please tell us if you would like to wait for both. ' +
  'With kind regards, the workshop';

describe('textQuality', () => {
  it('says nothing about short texts, whatever white space stands around them', () => {
    const short = 'x'.repeat(MIN_MEASURED_CHARACTERS - 1);
    for (const text of [short, ` \n${short}\t `]) {
      expect(textQuality(text)).toEqual({ characters: 19, repetition: null, compression: null });
    }
    expect(textQuality(' \n\u2003').characters).toBe(0);
    expect(textQuality(`${short}x`).repetition).not.toBeNull();
  });

  it('counts runs of four characters that stand close before', () => {
    // 32 characters: 29 runs, the first two of which are new.
    expect(textQuality('ab'.repeat(16)).repetition).toBeCloseTo(27 / 29);
    // 20 characters: 17 runs, of which one is there twice.
    expect(textQuality('abcdefghijklmnopabcd').repetition).toBeCloseTo(1 / 17);
  });

  it('counts nothing that stands far before', () => {
    // Code points that are all different.
    const different = (count: number) =>
      String.fromCodePoint(...Array.from({ length: count }, (_, i) => 0x4e00 + i));
    expect(textQuality(`abcd${different(REPETITION.reach - 4)}abcd`).repetition).toBeGreaterThan(0);
    expect(textQuality(`abcd${different(REPETITION.reach - 3)}abcd`).repetition).toBe(0);
  });

  it('counts characters, not halves of surrogate pairs', () => {
    expect(textQuality('\u{1f600}'.repeat(20))).toMatchObject({ characters: 20, repetition: 16 / 17 });
  });

  it('gives the share of bytes that DEFLATE leaves', () => {
    expect(textQuality('ab'.repeat(500)).compression).toBeLessThan(0.02);
    expect(textQuality(LETTER).compression).toBeGreaterThan(0.5);
  });

  it.each([
    ['a letter', LETTER, false],
    ['the same letter four times over', LETTER.repeat(4), true],
    [
      'a numbered list',
      '1. Wash the rice.\n2. Boil the water.\n3. Add the rice.\n4. Wait for ten minutes.',
      false,
    ],
    ['a loop', 'gro, mun, mun, mun, mun, m, mun, mung, mung, mun', true],
    ['a stutter', 'didndidididididididididididididididiiiiiidiiidid', true],
  ])('finds %s', (_, text, isRepetitive) => {
    const { repetition, compression } = textQuality(text);
    const { repetition: most, compression: least } = DEGENERATE_LIMITS;
    expect(repetition! >= most || compression! <= least).toBe(isRepetitive);
  });

  it('reads a megabyte in time', () => {
    expect(textQuality('lorem ipsum dolor '.repeat(60_000)).repetition).toBeGreaterThan(0.9);
  });
});
