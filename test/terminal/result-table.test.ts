import { describe, expect, it } from 'vitest';
import { csvText } from '../../src/terminal/csv-text.ts';
import { viewListText } from '../../src/terminal/reports/view-list.ts';
import { type CellValue, formatRows, jsonText, type Rows } from '../../src/terminal/result-table.ts';
import { displayWidth } from '../../src/terminal/text-width.ts';

function rowsOf(columns: string, ...rows: CellValue[][]): Rows {
  return { columns: columns.split(' '), rows };
}

function table(rows: Rows, width?: number): string[] {
  return formatRows(rows, 'table', width).stdout.split('\n').slice(0, -1);
}

describe('an empty result', () => {
  it.each([
    ['table', ''],
    ['json', '[]\n'],
    ['jsonl', ''],
    ['csv', 'run,score\r\n'],
    ['md', '| run | score |\n| --- | --- |\n'],
  ] as const)('as %s leaves stdout usable and says so on stderr', (format, stdout) => {
    expect(formatRows(rowsOf('run score'), format)).toEqual({ stdout, stderr: 'No rows.\n' });
  });

  it('is not one of one row', () => {
    expect(formatRows(rowsOf('run', ['']), 'table').stderr).toBe('');
  });
});

describe('table', () => {
  it('aligns text to the left and numbers to the right, with four decimals', () => {
    expect(table(rowsOf('model score n', ['soft', 0.25, 1], ['sft', -0.123456, 10], ['x', null, 2]))).toEqual(
      [
        'model    score   n',
        '-----  -------  --',
        'soft      0.25   1',
        'sft    -0.1235  10',
        'x            –   2',
      ],
    );
  });

  it.each<[CellValue, string]>([
    [0.000012345, '0.00001234'],
    [1 / 3, '0.3333'],
    [1e-9, '1.000e-9'],
    [0, '0'],
    [-0.00049, '-0.0004900'],
    [9007199254740993n, '9007199254740993'],
    [true, 'true'],
    [new Uint8Array([0, 255]), "x'00ff'"],
    [null, '–'],
  ])('shows %s as %s', (value, text) => {
    expect(table(rowsOf('x', [value])).at(-1)).toBe(text);
  });

  it.each([
    ['\u001b[31mred\u001b[0m', '\\u{1b}[31mred\\u{1b}[0m'],
    ['two\nlines\r\n\tand', 'two\\nlines\\r\\n\\tand'],
    ['\u009b1A\u0000\u007f', '\\u{9b}1A\\u{0}\\u{7f}'],
    ['right\u202eleft\u2066', 'right\\u{202e}left\\u{2066}'],
    ['\u2028\ufeff\u200b', '\\u{2028}\\u{feff}\\u{200b}'],
    ['half \ud800', 'half \\u{d800}'],
    ['plain é 日本 😀', 'plain é 日本 😀'],
  ])('shows %j harmlessly', (text, shown) => {
    expect(table(rowsOf('text', [text])).at(-1)).toBe(shown);
    expect(table(rowsOf(text.replaceAll(' ', '_'), ['x']))[0]).toBe(shown.replaceAll(' ', '_'));
  });

  it('cuts long text and headers, never numbers, to fit the width', () => {
    const words = 'words '.repeat(200);
    const rows = [0, 1, 2, 3].map((n): CellValue[] => [`soft${n}`, words + n, 1234567.25 + n]);
    expect(table(rowsOf('model text a_very_long_header', ...rows), 36)).toEqual([
      'model  text           a_very_long_h…',
      '-----  -------------  --------------',
      'soft0  words words …      1234567.25',
      'soft1  words words …      1234568.25',
      'soft2  words words …      1234569.25',
      'soft3  words words …      1234570.25',
    ]);
  });

  it('does not take texts for the same that differ after the cut', () => {
    const rows = [0, 1, 2, 3].map((n): CellValue[] => ['x'.repeat(5000) + n, 'y'.repeat(5000)]);
    expect(table(rowsOf('differs same', ...rows), 20).filter((line) => line.startsWith('same'))).toHaveLength(
      1,
    );
    expect(table(rowsOf('differs same', ...rows), 20).filter((line) => line.startsWith('xxx'))).toHaveLength(
      4,
    );
  });

  it('shows once what is the same in every row, where not all columns fit', () => {
    const long = 'a-run-with-quite-a-long-name';
    const rows = [1, 2, 3, 4].map((exit): CellValue[] => [long, 'soft', exit, null]);
    expect(table(rowsOf('run model exit p', ...rows), 30)).toEqual([
      'run = a-run-with-quite-a-long…',
      'model = soft; p = –',
      '',
      'exit',
      '----',
      '   1',
      '   2',
      '   3',
      '   4',
    ]);
  });

  it('shows a few wide rows as blocks of lines', () => {
    expect(table(rowsOf('id text', [1, 'a long answer that does not fit'], [2, 'short']), 20)).toEqual([
      'id    1',
      'text  a long answer…',
      '',
      'id    2',
      'text  short',
    ]);
  });

  it('falls back to blocks where even narrow columns do not fit', () => {
    const columns = Array.from({ length: 20 }, (_, n) => `column_${n}`);
    const rows = Array.from({ length: 5 }, (_, row) => columns.map((_, n) => `text ${row} ${n}`));
    const lines = table({ columns, rows });
    expect(lines[0]).toBe('column_0   text 0 0');
    expect(lines).toHaveLength(5 * 20 + 4);
  });

  it.each([20, 40, 80, 200])('never exceeds %i columns, whatever the text', (width) => {
    const hostile = [
      '日本語のテキスト'.repeat(30),
      '😀'.repeat(50),
      'e\u0301'.repeat(99),
      '\u001b[2J'.repeat(40),
      'x'.repeat(1_000_000),
    ];
    for (const count of [2, 5]) {
      const rows = hostile.slice(0, count).map((text, n): CellValue[] => [n, text, text]);
      expect(
        Math.max(...table(rowsOf(`n text ${'h'.repeat(300)}`, ...rows), width).map(displayWidth)),
      ).toBeLessThanOrEqual(width);
    }
  });

  it('makes a table for each comparison rather than cut its name', () => {
    const rows = ['soft-vs-sft', 'soft-vs-early-exit'].flatMap((name) =>
      [3, 4, 5, 6].map((exit): CellValue[] => [name, exit, exit / 8]),
    );
    expect(table(rowsOf('comparison exit score', ...rows), 30)).toEqual([
      'comparison   exit  score',
      '-----------  ----  -----',
      'soft-vs-sft     3  0.375',
      'soft-vs-sft     4    0.5',
      'soft-vs-sft     5  0.625',
      'soft-vs-sft     6   0.75',
      '',
      'comparison = soft-vs-early-ex…',
      '',
      'exit  score',
      '----  -----',
      '   3  0.375',
      '   4    0.5',
      '   5  0.625',
      '   6   0.75',
    ]);
  });

  it('shows the 128 cells of a run in 80 columns, a line each, with every number', () => {
    const columns =
      'run comparison model_a exit_a model_b exit_b policy wins losses ties malformed total score ci_low ci_high p_value p_holm malformed_rule';
    const rows = Array.from({ length: 128 }, (_, n): CellValue[] => {
      const [comparison, modelB] = n < 64 ? ['soft-vs-sft', 'sft'] : ['soft-vs-early-exit', 'early-exit'];
      const cell = ['nano', comparison!, 'soft', 3 + ((n >> 3) % 8), modelB!, 3 + (n % 8), 'average'];
      const counts = [100.5 + (n % 9) / 2, 40.5 - n / 4, 20 + (n % 2), n % 5, 170, -0.1234 - n / 1000];
      return [
        ...cell,
        ...counts,
        -0.2512 - n / 1000,
        -0.0534 - n / 1000,
        0.0123 + n / 300,
        0.5 + n / 300,
        'dropped',
      ];
    });
    const lines = table(rowsOf(columns, ...rows));
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => /^ +\d/.test(line))).toHaveLength(128);
    expect(lines.filter((line) => /^ +\d/.test(line) && line.includes('…'))).toEqual([]);
  });
});

describe('JSON', () => {
  it('is one object a row, with names and nulls kept', () => {
    const rows = rowsOf('a b', [1, 'x"\n'], [null, 9007199254740993n]);
    expect(jsonText(rows)).toBe('[\n{"a":1,"b":"x\\"\\n"},\n{"a":null,"b":"9007199254740993"}\n]');
    expect(JSON.parse(formatRows(rows, 'json').stdout)).toHaveLength(2);
  });
});

describe('CSV', () => {
  it.each<[CellValue, string]>([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['cr\r', '"cr\r"'],
    [' space ', ' space '],
    ['', '""'],
    [null, ''],
    [0.1, '0.1'],
  ])('writes %j as %s', (value, text) => {
    expect(csvText(rowsOf('a b', [value, 1]))).toBe(`a,b\r\n${text},1\r\n`);
  });
});

describe('jsonl', () => {
  it('is one object a line', () => {
    const { stdout } = formatRows(rowsOf('a b', ['x\ny', 1], [null, 9007199254740993n]), 'jsonl');
    expect(stdout).toBe('{"a":"x\\ny","b":1}\n{"a":null,"b":"9007199254740993"}\n');
  });
});

describe('md', () => {
  it('aligns numbers to the right and shortens them', () => {
    const { stdout } = formatRows(rowsOf('model_a score', ['soft', 1 / 3], ['sft', null]), 'md');
    expect(stdout).toBe('| model_a | score |\n| --- | ---: |\n| soft | 0.3333 |\n| sft |  |\n');
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['two\r\nlines\n', 'two<br>lines<br>'],
    [
      '<img src=x onerror=alert(1)> & _so_ *on* `x` [a](b) ~~c~~ $d$',
      '\\<img src=x onerror=alert(1)\\> \\& \\_so\\_ \\*on\\* \\`x\\` \\[a\\](b) \\~\\~c\\~\\~ \\$d\\$',
    ],
    ['back\\slash', 'back\\\\slash'],
    ['\u001b[31m\u202e', '\\\\u{1b}\\[31m\\\\u{202e}'],
  ])('shows %j as text', (text, shown) => {
    expect(formatRows(rowsOf('x', [text]), 'md').stdout.split('\n')[2]).toBe(`| ${shown} |`);
  });
});

describe('formatRows', () => {
  it('refuses a format that it does not know', () => {
    expect(() => formatRows(rowsOf('a', [1]), 'xml' as 'csv')).toThrow('no format "xml"');
  });
});

describe('viewListText', () => {
  it('names each view with its sentence and columns, within the width', () => {
    const views = [
      { name: 'scores', description: 'One row for each cell.', columns: ['run', 'comparison', 'model_a'] },
      { name: 'runs', description: 'The runs.', columns: ['run'] },
    ];
    expect(viewListText(views, 20)).toBe(
      'scores\n  One row for each\n  cell.\n  run, comparison,\n  model_a\n\nruns\n  The runs.\n  run\n',
    );
  });
});
