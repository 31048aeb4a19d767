import { describe, expect, it } from 'vitest';
import { moduleMatcher } from '../../../src/model/adapter/module-pattern.ts';

const MODULE = 'model.layers.11.self_attn.q_proj';

describe('moduleMatcher', () => {
  // What `re.match(rf"(.*\.)?({key})$", name)` of Python says, as in peft.
  it.each<[string, boolean]>([
    ['q_proj', true],
    ['_proj', false],
    ['self_attn.q_proj', true],
    ['attn.q_proj', false],
    ['self_attn', false],
    [MODULE, true],
    ['^model\\.layers\\.11\\..*', true],
    ['^layers\\.11\\..*', false],
    ['layers\\.11\\..*', true],
    ['layers\\.1\\..*', false],
    ['(?:q|k)_proj', true],
    ['(q|k)_proj', true],
    ['q|k', false],
    ['k|q_proj', true],
    ['.*', true],
    ['layers\\.1[0-5].*q_proj', true],
  ])('of %s says %s', (pattern, expected) => {
    expect(moduleMatcher(pattern)!(MODULE)).toBe(expected);
  });

  it.each(['(a+)+', '(?=q)q_proj', '(', '.*.*.*.*.*', '.?.?.?.?.?', '(q)\\1'])('refuses %s', (pattern) => {
    expect(moduleMatcher(pattern)).toBeUndefined();
  });
});
