import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { fromSentError, toSentError } from '../../src/worker/job-messages.ts';

const across = (error: unknown) => fromSentError(structuredClone(toSentError(error)));

describe('an error that crosses between threads', () => {
  it('stays bad input with all of its parts', () => {
    const problem = { code: 'not-found', where: 'here', expected: 'a', found: 'b', fix: 'c' } as const;
    const error = across(new InputError({ ...problem, cause: () => 'cannot be cloned' }));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject(problem);
  });

  it('keeps name, message and stack of any other error', () => {
    const original = new RangeError('too far');
    const error = across(original);
    expect(error).toMatchObject({ name: 'RangeError', message: 'too far', stack: original.stack });
  });

  it('may be something that is no error', () => {
    expect(across('just a text')).toMatchObject({ name: 'Error', message: 'just a text' });
  });
});
