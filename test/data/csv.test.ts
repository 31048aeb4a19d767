import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';

describe('parseCsv reads', () => {
  it.each<[string, string, [line: number, fields: string[]][]]>([
    ['fields without the spaces around them', 'a, b ,\tc\n', [[1, ['a', 'b', 'c']]]],
    ['a last line without a line break', 'a,b', [[1, ['a', 'b']]]],
    ['an empty last field', 'a,', [[1, ['a', '']]]],
    [
      'every kind of line break',
      'a,b\r\nc,d\re,f\n',
      [
        [1, ['a', 'b']],
        [2, ['c', 'd']],
        [3, ['e', 'f']],
      ],
    ],
    ['quotes, doubled quotes and commas in them', '"a, ""b""",c', [[1, ['a, "b"', 'c']]]],
    [
      'a quoted line break as part of the field, and counts its line',
      '"a\nb",c\nd,e',
      [
        [1, ['a\nb', 'c']],
        [3, ['d', 'e']],
      ],
    ],
    ['no comments and no empty lines, but counts them', '# a "comment\n\na,b\n#end', [[3, ['a', 'b']]]],
    ['nothing from nothing', '', []],
  ])('%s', (_, text, records) => {
    expect(parseCsv(text)).toEqual(records.map(([line, fields]) => ({ line, fields })));
  });
});

describe('parseCsv gives up on', () => {
  it.each([
    ['a quote that does not close', 'a,"b\nc'],
    ['text behind a closing quote', '"a"b,c'],
    ['a quote within a field', 'a"b,c'],
  ])('%s', (_, text) => {
    expect(parseCsv(text)).toBeUndefined();
  });

  it('reads a quoted field of any length', () => {
    const field = 'a""'.repeat(3_000_000);
    expect(parseCsv(`"${field}",b`)?.[0]?.fields[0]).toHaveLength(6_000_000);
  });
});
