import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';

describe('InputError', () => {
  it('says where, what was expected, what was found and what to do, on one line', () => {
    const error = new InputError({
      code: 'bad-config',
      where: 'sweep.yaml: judge',
      expected: 'a folder',
      found: '"a\n\u001b[31mb"',
      fix: 'Name a model folder.',
    });
    expect(error.message).toBe('sweep.yaml: judge: expected a folder, found "a [31mb". Name a model folder.');
  });
});
