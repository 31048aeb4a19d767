import { describe, expect, it } from 'vitest';
import { beginningOf, visibleParts } from '../../../src/page/content/visible.ts';

const shown = (text: string) =>
  visibleParts(text)
    .map((part) => part.text)
    .join('');

describe('visibleParts', () => {
  it('leaves ordinary text, line breaks, tabs and other scripts as they are', () => {
    const text = 'a\tb\nüñ مرحبا 漢字 😀';
    expect(visibleParts(text)).toEqual([{ text }]);
    expect(visibleParts('')).toEqual([]);
  });

  it.each([
    ['an escape code', '\u001b[31mred', '␛[31mred'],
    ['a carriage return', 'a\rb', 'a␍b'],
    ['a NUL', '\0', '␀'],
    ['a mark that turns the reading direction', 'a\u202eb', 'a⟨U+202E⟩b'],
    ['an isolate', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['a zero-width space', 'a\u200bb', 'a⟨U+200B⟩b'],
    ['a C1 control', '\u009b31m', '⟨U+009B⟩31m'],
    ['a line separator', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['half a surrogate pair', 'a\ud800b', 'a⟨U+D800⟩b'],
    ['a tag character', '\u{e0041}', '⟨U+E0041⟩'],
  ])('shows %s', (_title, text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(visibleParts(text).some(({ mark }) => mark !== undefined)).toBe(true);
  });

  it('takes no longer than a moment over a megabyte', () => {
    expect(visibleParts('x\u202e'.repeat(500_000))).toHaveLength(1_000_000);
  });
});

describe('beginningOf', () => {
  it('never cuts a surrogate pair in two', () => {
    expect(beginningOf('a😀b', 2)).toBe('a');
    expect(beginningOf('a😀b', 3)).toBe('a😀');
    expect(beginningOf('ab', 9)).toBe('ab');
  });
});
