import { describe, expect, it } from 'vitest';
import { wellFormedValue } from '../../../src/core/text/well-formed.ts';

describe('wellFormedValue', () => {
  it('replaces each half of a surrogate pair, in keys too, and leaves whole pairs and all else', () => {
    expect(
      wellFormedValue({ 'a\ud83d': ['\udc00\ud83d\ude00\ud83d', 1, null, { b: true }], c: '\0é' }),
    ).toEqual({
      'a\ufffd': ['\ufffd\ud83d\ude00\ufffd', 1, null, { b: true }],
      c: '\0é',
    });
  });
});
