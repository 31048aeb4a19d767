import { describe, expect, it } from 'vitest';
import { REDACTED, redact, redactValue, registerSecret } from '../../../src/core/runtime/redact.ts';

const KEY = 'sk-live/AB+cd_123.xyz?789';
const bytes = Buffer.from(KEY);
const escaped = Array.from(KEY, (character) => `\\u00${character.charCodeAt(0).toString(16)}`).join('');

describe('a registered key', () => {
  registerSecret(KEY);

  it.each([
    ['raw', KEY],
    ['in URLs', encodeURIComponent(KEY)],
    ['in URLs, every character', Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase()}`).join('')],
    ['escaped as JSON does', escaped],
    ['escaped twice', escaped.replaceAll('\\', '\\\\')],
    ['partly escaped', `\\u0073${KEY.slice(1)}`],
    ['in hex', bytes.toString('hex')],
    ['in upper-case hex', bytes.toString('hex').toUpperCase()],
    ['in base64', bytes.toString('base64')],
    ['in base64url', bytes.toString('base64url')],
    ['in the base64 of a header', Buffer.from(`Bearer ${KEY}`).toString('base64')],
    ['in the base64 of a user name and the key', Buffer.from(`me:${KEY}`).toString('base64')],
    ['in HTML', KEY.replaceAll('/', '&#47;').replaceAll('+', '&#x2B;')],
  ])('is taken out of a text: %s', (_, form) => {
    const safe = redact(`Incorrect key <${form}>, try another`);
    expect(safe).toContain(REDACTED);
    const leaked = [KEY, form.slice(8, -8)].filter((part) => safe.includes(part));
    expect(leaked).toEqual([]);
  });

  it('is taken out of all of an answer, and what has none stays as it is', () => {
    const value = { choices: [{ text: `It is ${KEY}`, finish_reason: KEY, n: 7, none: null }], [KEY]: true };
    expect(redactValue(value)).toEqual({
      choices: [{ text: `It is ${REDACTED}`, finish_reason: REDACTED, n: 7, none: null }],
      [REDACTED]: true,
    });
    expect(redact('an ordinary answer: AB+cd')).toBe('an ordinary answer: AB+cd');
  });

  it('that is a mere word, as servers without keys want one, stays in answers', () => {
    registerSecret('EMPTY');
    expect(redact('EMPTY')).toBe('EMPTY');
  });
});
