import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from '../../src/core/json.ts';

describe('canonicalJson', () => {
  it.each<[unknown, string]>([
    [Number.NaN, 'NaN has no JSON form'],
    [Number.POSITIVE_INFINITY, 'Infinity has no JSON form'],
    [undefined, 'undefined has no JSON form'],
    [() => 1, 'function has no JSON form'],
    [10n, 'BigInt'],
    [new Map([['a', 1]]), 'only plain objects'],
    [new Date(0), 'only plain objects'],
    [new Float32Array(2), 'only plain objects'],
    [{ deep: [{ deeper: Number.NaN }] }, 'NaN has no JSON form'],
  ])('refuses %s, which would be lost', (value, message) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow(message);
    expect(() => canonicalJson(value as JsonValue)).toThrow(TypeError);
  });

  it.each<[JsonValue, string]>([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ b: { d: 1, c: 2 }, a: undefined }, '{"b":{"c":2,"d":1}}'],
    [{ é: 1, z: 2, Z: 3, '10': 4, '9': 5 }, '{"10":4,"9":5,"Z":3,"z":2,"é":1}'],
    [-0, '0'],
    [1e21, '1e+21'],
    ['\ud800 "quoted"\n', '"\\ud800 \\"quoted\\"\\n"'],
    [[], '[]'],
    [{}, '{}'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
