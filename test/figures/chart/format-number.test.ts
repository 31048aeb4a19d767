import { describe, expect, it } from 'vitest';
import { fixed, humanBytes, humanCount, tickText } from '../../../src/figures/chart/format-number.ts';

describe('fixed', () => {
  it.each([
    [0.125, '0.13'],
    [-0.3, '−0.30'],
    [-1, '−1.00'],
    [-0.004, '0.00'],
    [0, '0.00'],
  ])('prints %d as %s', (value, text) => expect(fixed(value, 2)).toBe(text));
});

describe('tickText', () => {
  it.each([
    [0.1 + 0.2, '0.3'],
    [-0.5, '−0.5'],
    [-0.001, '0'],
    [0.125, '0.13'],
    [40, '40'],
  ])('prints %d as %s', (value, text) => expect(tickText(value)).toBe(text));
});

describe('human units', () => {
  it.each([
    [0, '0', '0 B'],
    [999, '999', '999 B'],
    [228_480, '228 k', '228 kB'],
    [999_950, '1 M', '1 MB'],
    [1_064_000, '1.06 M', '1.06 MB'],
    [6_738_415_616, '6.74 billion', '6.74 GB'],
    [5e15, '5000 trillion', '5000 TB'],
  ])('of %d are %s and %s', (value, count, bytes) => {
    expect(humanCount(value)).toBe(count);
    expect(humanBytes(value)).toBe(bytes);
  });
});
