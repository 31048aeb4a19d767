import { describe, expect, it } from 'vitest';
import { formatRoute, numberSetting, parseRoute } from '../../src/page/route.ts';

describe('an address of the page', () => {
  it('comes back as it was, whatever stands in it', () => {
    const settings = { comparison: 'soft against sft & more', search: 'a=b#c ?ü', a: '6' };
    expect(parseRoute(formatRoute('pair', settings))).toEqual({ place: 'pair', settings });
  });

  it('leaves out what is empty', () => {
    expect(formatRoute('cell', { outcome: '', a: '3' })).toBe('#/cell?a=3');
    expect(formatRoute('overview')).toBe('#/overview');
  });

  it.each(['', '#', '#/'])('is the overview where it is %j', (hash) => {
    expect(parseRoute(hash).place).toBe('overview');
  });

  it.each(['#/nowhere?x=1', '#/__proto__', '#/unknown'])('is of no view where it is %j', (hash) => {
    expect(parseRoute(hash).place).toBe('unknown');
  });

  it('of the published cells is understood as older versions wrote it', () => {
    expect(parseRoute('#/compare?with=published').place).toBe('published');
    expect(parseRoute('#/compare?with=second').place).toBe('compare');
  });

  it('reads integers, and nothing else as a number', () => {
    expect(numberSetting({ a: '12' }, 'a')).toBe(12);
    for (const text of ['', '-1', '1.5', '1e3', 'x', '9999999'])
      expect(numberSetting({ a: text }, 'a')).toBeUndefined();
  });
});
