import { describe, expect, it } from 'vitest';
import { dequantiseRows, type QuantisedDtype, quantiseRows } from '../../../src/model/quantise/quantise.ts';
import { seededRandom } from '../../support/random.ts';

const random = seededRandom(3);
const normal = (count: number, spread = 1) =>
  Float32Array.from({ length: count }, () => random.normal() * spread);
const BOTH: QuantisedDtype[] = ['int8', 'int4'];

describe.each(BOTH)('a matrix of %s', (dtype) => {
  it.each([1, 31, 32, 33, 64, 100, 576])('of %i columns is at most half a step off everywhere', (columns) => {
    const values = normal(7 * columns);
    const rows = quantiseRows(values, columns, dtype);
    const found = dequantiseRows(rows, columns, dtype);
    expect(found.length).toBe(values.length);
    const blocks = Math.ceil(columns / 32);
    values.forEach((value, index) => {
      const block = Math.floor(index / columns) * blocks + Math.floor((index % columns) / 32);
      expect(Math.abs(found[index]! - value)).toBeLessThanOrEqual(rows.scales[block]! * 0.5001);
    });
  });

  it('takes steps that its largest number asks for, block by block', () => {
    const columns = 64;
    const values = normal(columns);
    values.fill(0.001, 0, 32);
    values[5] = 1;
    values[40] = -20;
    const { scales } = quantiseRows(values, columns, dtype);
    const steps = dtype === 'int8' ? 127 : 15;
    expect(scales[0]).toBeCloseTo(1 / steps, 6);
    expect(scales[1]).toBeGreaterThan(19.9 / steps);
  });

  it('keeps 0, blocks of nothing but 0, and numbers on its grid exactly', () => {
    const steps = dtype === 'int8' ? [-127, 100, 3] : [-5, 10, 3];
    const values = new Float32Array(96);
    steps.forEach((step, index) => {
      values[32 + 7 * index] = step / 1024;
    });
    expect(dequantiseRows(quantiseRows(values, 96, dtype), 96, dtype)).toEqual(values);
  });

  it('keeps the order of magnitude of the smallest and the largest floats', () => {
    for (const scale of [1e-35, 1e37]) {
      const values = Float32Array.from({ length: 32 }, (_, index) => (index - 16) * scale);
      const found = dequantiseRows(quantiseRows(values, 32, dtype), 32, dtype);
      for (const [index, value] of values.entries())
        expect(Math.abs(found[index]! - value)).toBeLessThanOrEqual(2 * scale);
    }
  });

  it('takes numbers below 1e-35 for 0', () => {
    const values = normal(64, 1e-40);
    expect(dequantiseRows(quantiseRows(values, 64, dtype), 64, dtype)).toEqual(new Float32Array(64));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (value) => {
    const values = normal(64);
    values[50] = value;
    expect(() => quantiseRows(values, 64, dtype)).toThrow(new RangeError(`${value}`));
  });
});

it('4 bits are spent between the smallest and the largest number of a block, not around 0', () => {
  const values = Float32Array.from({ length: 32 }, (_, index) => index / 10);
  const { scales, zeros } = quantiseRows(values, 32, 'int4');
  expect(scales[0]).toBeCloseTo(3.1 / 15, 6);
  expect([...zeros]).toEqual([0]);
});

it('codes lie as MatMulNBits reads them: the low half of a byte first, zero points too', () => {
  const values = new Float32Array(64);
  values.set([0, 1, 2, -3, 12], 0);
  values.set([15, 1], 32);
  const { codes, scales, zeros } = quantiseRows(values, 64, 'int4');
  expect([...scales]).toEqual([1, 1]);
  expect([...zeros]).toEqual([0x03]);
  expect([...codes.subarray(0, 4)]).toEqual([0x43, 0x05, 0x3f, 0x33]);
  expect([...codes.subarray(16, 18)]).toEqual([0x1f, 0x00]);
  const bytes = quantiseRows(Float32Array.of(127, -1, 0), 3, 'int8').codes;
  expect([bytes.length, ...bytes.subarray(0, 4)]).toEqual([32, 255, 127, 128, 128]);
});
