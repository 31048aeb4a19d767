import { describe, expect, it } from 'vitest';
import { strip, WHITE_SPACE_CODE_POINTS } from '../../../src/core/text/strip.ts';

describe('strip', () => {
  // Expected values: python3 -c "print(repr(TEXT.strip()))"
  it.each([
    ['', ''],
    [' \t\n\v\f\r ', ''],
    ['  a b \n', 'a b'],
    ['\u001c\u001fa\u0085', 'a'],
    ['\u00a0\u3000a\u2028', 'a'],
    ['\ufeffa\u200b', '\ufeffa\u200b'],
  ])('strips %j to %j, as Python does', (text, stripped) => {
    expect(strip(text)).toBe(stripped);
  });

  it('takes off every code point that Python calls white space, and no other of the first plane', () => {
    // python3 -c "print([i for i in range(0x10000) if chr(i).isspace()])"
    const all = Array.from({ length: 0x10000 }, (_, point) => point);
    const stripped = all.filter((point) => strip(String.fromCharCode(point)) === '');
    expect(stripped).toEqual(WHITE_SPACE_CODE_POINTS);
    expect(stripped).toHaveLength(29);
  });

  it('takes linear time on a text of white space around one letter', () => {
    const spaces = ' '.repeat(1_000_000);
    expect(strip(`${spaces}a${spaces}b${spaces}`)).toHaveLength(1_000_002);
  });
});
