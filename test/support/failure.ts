import { expect } from 'vitest';
import { InputError } from '../../src/core/errors.ts';

/** The InputError that `action` ends with; every one must be a single line that starts with its place. */
export async function inputErrorOf(action: () => unknown): Promise<InputError> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message.startsWith(`${error.where}: expected `)).toBe(true);
    expect(error.message).toMatch(/^[^\n]+, found [^\n]+\. [^\n]+[.?]$/);
    return error;
  }
  throw new Error('expected an InputError, but nothing was thrown');
}
