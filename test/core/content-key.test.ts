import { describe, expect, it } from 'vitest';
import { canonicalJson, contentKey, type JsonValue } from '../../src/core/content-key.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { responseKey } from '../../src/store/tables/answer-table.ts';
import { judgementKey } from '../../src/store/tables/judgement-table.ts';
import { klKey } from '../../src/store/tables/kl-table.ts';

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

describe('content keys', () => {
  const parts = {
    weights: 'w',
    exit: 4,
    head: 'h',
    tokenizer: 't',
    precision: 'fp32',
    decoding: { mode: 'greedy', beams: 1 },
  };

  it('are the sha256 of kind and parts, whatever the order of keys', () => {
    const key = contentKey('sub-model', { exit: 4, head: 'h' });
    expect(key).toBe(sha256('{"kind":"sub-model","parts":{"exit":4,"head":"h"}}'));
    expect(contentKey('sub-model', { head: 'h', exit: 4 })).toBe(key);
  });

  it('change with every part, and with the kind', () => {
    const changed = [
      { ...parts, weights: 'w2' },
      { ...parts, exit: 5 },
      { ...parts, exit: '4' },
      { ...parts, head: '' },
      { ...parts, tokenizer: 't2' },
      { ...parts, precision: 'int8' },
      { ...parts, decoding: { mode: 'greedy', beams: 4 } },
      { ...parts, decoding: { mode: 'greedy' } },
      { ...parts, seed: 0 },
    ];
    const keys = [parts, ...changed].map((each) => contentKey('response', each));
    keys.push(contentKey('judgement', parts));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('do not run together where parts meet', () => {
    expect(contentKey('response', { a: 'xy', b: 'z' })).not.toBe(contentKey('response', { a: 'x', b: 'yz' }));
  });

  it('of answers, judgements and KL passes depend on all of their parts', () => {
    const response = { subModelKey: 's', promptSha256: 'p', decoding: { n: 1 } };
    const judgement = { judgeKey: 's', promptSha256: 'p', decoding: { n: 1 } };
    const kl = { subModelKey: 's', referenceKey: 'f', responseKey: 'r', settings: { direction: 'forward' } };
    const changes = <T extends object>(make: (parts: T) => string, whole: T): string[] =>
      [whole, ...Object.keys(whole).map((part) => ({ ...whole, [part]: 'other' }))].map(make);
    const keys = [
      ...changes(responseKey, response),
      ...changes(judgementKey, judgement),
      ...changes(klKey, kl),
    ];
    expect(new Set(keys).size).toBe(4 + 4 + 5);
  });
});
