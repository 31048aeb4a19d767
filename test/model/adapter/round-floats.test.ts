import { describe, expect, it } from 'vitest';
import { encodeFloats, roundFloats } from '../../../src/model/adapter/round-floats.ts';
import type { Dtype } from '../../../src/model/checkpoint/safetensors.ts';

const rounded = (value: number, dtype: Dtype) => {
  const values = Float32Array.of(value);
  roundFloats(values, dtype);
  return values[0]!;
};

/** Values of every float16, from its bits; without NaN. */
const float16s = Array.from({ length: 0x7c00 }, (_, bits) => {
  const [exponent, fraction] = [bits >> 10, bits & 0x3ff];
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
});

describe('roundFloats', () => {
  it('leaves every float16 as it is, and rounds what lies between two to the nearer one, halves to even', () => {
    for (let bits = 0; bits < float16s.length - 1; bits++) {
      const [here, next] = [float16s[bits]!, float16s[bits + 1]!];
      const middle = (here + next) / 2;
      expect(rounded(here, 'F16')).toBe(here);
      expect(rounded(-here, 'F16')).toBe(-here);
      expect(rounded(middle, 'F16')).toBe(bits % 2 === 0 ? here : next);
      expect(rounded(here + (next - here) * 0.25, 'F16')).toBe(here);
      expect(rounded(here + (next - here) * 0.75, 'F16')).toBe(next);
    }
  });

  it('makes of what is too large an infinity, which merging refuses', () => {
    expect(rounded(65_519, 'F16')).toBe(65_504);
    expect(rounded(65_520, 'F16')).toBe(Number.POSITIVE_INFINITY);
    expect(rounded(-1e30, 'F16')).toBe(Number.NEGATIVE_INFINITY);
    expect(rounded(3.4e38, 'BF16')).toBe(Number.POSITIVE_INFINITY);
    expect(rounded(Number.NaN, 'F16')).toBeNaN();
    expect(rounded(Number.NaN, 'BF16')).toBeNaN();
  });

  it('rounds to bfloat16, halves to even', () => {
    const unit = 2 ** -7;
    expect(rounded(1 + unit / 2, 'BF16')).toBe(1);
    expect(rounded(1 + unit * 1.5, 'BF16')).toBe(1 + 2 * unit);
    expect(rounded(1 + unit * 0.51, 'BF16')).toBe(1 + unit);
    expect(rounded(-(1 + unit * 0.49), 'BF16')).toBe(-1);
    expect(rounded(1.1, 'F32')).toBe(Math.fround(1.1));
  });
});

describe('encodeFloats', () => {
  it('writes the bits of every float16, with both signs', () => {
    const values = Float32Array.from([...float16s, ...float16s.map((value) => -value)]);
    const bits = new Uint16Array(encodeFloats(values, 'F16').buffer);
    const expected = float16s.map((_, index) => index);
    expect([...bits]).toEqual([...expected, ...expected.map((index) => index | 0x8000)]);
  });

  it('writes the upper half of a float32 as bfloat16', () => {
    expect([...encodeFloats(Float32Array.of(1, -2), 'BF16')]).toEqual([0x80, 0x3f, 0x00, 0xc0]);
  });
});
