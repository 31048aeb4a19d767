import { describe, expect, it } from 'vitest';
import { alignedText, labelledText, wrappedText } from '../../src/terminal/terminal-layout.ts';

describe('alignedText', () => {
  it('puts the first column to the left and the others to the right, without spaces at line ends', () => {
    const lines = [
      ['', '3', '10'],
      ['soft@3', '-0.16', '–'],
    ];
    expect(alignedText(lines)).toBe('            3  10\nsoft@3  -0.16   –');
  });
});

describe('labelledText', () => {
  it('wraps at the width and indents what follows', () => {
    expect(labelledText('Run', 'one two three', 6, 13)).toBe('Run   one two\n      three');
  });

  it('keeps a word that is longer than the width', () => {
    expect(wrappedText('a abcdefghij b', 5)).toBe('a\nabcdefghij\nb');
  });
});
