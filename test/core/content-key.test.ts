import { describe, expect, it } from 'vitest';
import { contentKey, orderedKey } from '../../src/core/content-key.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { judgementKey } from '../../src/store/tables/judgement-table.ts';
import { klKey } from '../../src/store/tables/kl-table.ts';
import { responseKey } from '../../src/store/tables/response-table.ts';

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
    const key = contentKey('response', { exit: 4, head: 'h' });
    expect(key).toBe(sha256('{"kind":"response","parts":{"exit":4,"head":"h"}}'));
    expect(contentKey('response', { head: 'h', exit: 4 })).toBe(key);
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

  it('of sub-models and judges keep the order of their parts, as existing files have them', () => {
    expect(orderedKey({ kind: 'recorded judge', files: ['f'] })).toBe(
      sha256('{"kind":"recorded judge","files":["f"]}'),
    );
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
