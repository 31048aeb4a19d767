import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onColor } from '../../src/terminal/color.ts';
import { csvText } from '../../src/terminal/csv-text.ts';
import { markdownText } from '../../src/terminal/markdown.ts';
import { progressOn } from '../../src/terminal/progress-bars.ts';
import { formatRows } from '../../src/terminal/result-table.ts';
import { cut, displayWidth, printable, readableLines } from '../../src/terminal/text-width.ts';

const HOSTILE = '\u001b[2J\u009b31m\u202eevil\u2066\u0007\r';
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('a text of 200,000 characters is laid out in time that grows with its length:', () => {
  const length = 200_000;
  it.each([
    ['one word', 'a'],
    ['wide characters', '漢'],
    ['a flood of combining marks', '\u0301'],
    ['flags', '🇩'],
    ['spaces', ' '],
    ['escape codes', '\u001b'],
    ['line breaks', '\n'],
    ['families', '👩‍👧'],
  ])('%s', { timeout: 20_000 }, (_, part) => {
    const text = part.repeat(length / part.length);
    const lines = readableLines(text, 78);
    expect(lines.every((line) => displayWidth(line) <= 78)).toBe(true);
    expect(displayWidth(cut(`${text}b`, 20))).toBeLessThanOrEqual(20);
    expect(markdownText({ columns: ['a'], rows: [[text]] })).not.toBe('');
  });

  it('and no character is lost or broken where the pieces meet', () => {
    const text = '👩‍👧🇩🇪e\u0301漢'.repeat(2000).replaceAll('\u200d', '');
    expect(readableLines(text, 77).join('')).toBe(text);
    expect(readableLines('🙂'.repeat(5000), 7).every((line) => !/\p{Surrogate}/u.test(line))).toBe(true);
  });
});

describe('characters that steer a terminal', () => {
  it('are escapes in a report, whose lines and colors stay', () => {
    const report = `Run ${HOSTILE}\n${onColor('0.5', 0.5)}\n`;
    const shown = printable(report);
    expect(shown).toBe(`Run \\u{1b}[2J\\u{9b}31m\\u{202e}evil\\u{2066}\\u{7}\\r\n${onColor('0.5', 0.5)}\n`);
    expect(printable(shown)).toBe(shown);
  });

  it('are escapes in labels and notes of progress, each of them one line', () => {
    const lines: string[] = [];
    const stream = { isTTY: false, write: (text: string) => lines.push(text) };
    const progress = progressOn(stream as unknown as NodeJS.WriteStream);
    progress.note(`${HOSTILE}\nsorted-eval: done`);
    progress.start(HOSTILE, 7, 7);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.slice(0, -1)).not.toMatch(UNSEEN);
  });

  it('are escapes in JSON, which keeps its value', () => {
    const rows = { columns: ['a'], rows: [[HOSTILE], ['\u{e0041}']] };
    const { stdout } = formatRows(rows, 'json');
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNSEEN);
    expect(JSON.parse(stdout)).toEqual([{ a: HOSTILE }, { a: '\u{e0041}' }]);
  });

  it('have no way past printable in the commands', () => {
    const folder = 'src/cli';
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const writes = files.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/std(?:out|err)\.write\(\s*([\w.]+|\S)/g)].map(
        ([, first]) => `${name}: ${first}`,
      ),
    );
    expect(writes.length).toBeGreaterThan(10);
    expect(writes.filter((write) => !/: (printable|printed|'|[A-Z_]+$)/.test(write))).toEqual([]);
  });
});

describe('a text that a spreadsheet takes for a formula', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x","y")'])(
    'has an apostrophe before it in CSV: %j',
    (text) => {
      const field = csvText({ columns: ['a'], rows: [[text]] }).split('\r\n')[1]!;
      expect(field.replace(/^"/, '')).toMatch(/^'/);
      expect(csvText({ columns: ['a'], rows: [[text]] }, 'kept')).not.toContain("'");
    },
  );

  it('is never a number', () => {
    expect(csvText({ columns: ['a'], rows: [[-0.5], [null], ['a=b'], [-3n]] })).toBe(
      'a\r\n-0.5\r\n\r\na=b\r\n-3\r\n',
    );
  });
});
