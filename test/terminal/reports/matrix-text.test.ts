import { describe, expect, it } from 'vitest';
import { type MatrixShape, matrixText } from '../../../src/terminal/reports/matrix-text.ts';
import type { CellValue, Rows } from '../../../src/terminal/rows.ts';
import { displayWidth } from '../../../src/terminal/text-width.ts';

const SCORE: MatrixShape = { value: 'score', title: 'Score', scale: 'signed', by: [], pValue: 'p_holm' };
const PLAIN = { width: 80, isColored: false };

const COLUMNS = [
  'run',
  'comparison',
  'model_a',
  'exit_a',
  'model_b',
  'exit_b',
  'score',
  'p_holm',
  'judge',
  'judge_deviations',
];

type Cell = [exitA: number, exitB: number, score: number | null, pHolm?: number | null];

function rowsOf(cells: readonly Cell[], change: Record<string, CellValue> = {}): Rows {
  const rows = cells.map(([exitA, exitB, score, pHolm = 0]) => {
    const row: Record<string, CellValue> = {
      run: 'nano',
      comparison: 'soft against sft',
      model_a: 'soft',
      exit_a: exitA,
    };
    Object.assign(row, {
      model_b: 'sft',
      exit_b: exitB,
      score,
      p_holm: pHolm,
      judge: 'judge',
      judge_deviations: null,
      ...change,
    });
    return COLUMNS.map((column) => row[column]!);
  });
  return { columns: COLUMNS, rows };
}

describe('matrixText', () => {
  it('puts exits of model a in rows and those of model b in columns, rising', () => {
    const rows = rowsOf([
      [10, 3, 1],
      [3, 10, -0.214],
      [3, 3, 0.5],
      [10, 10, -0.001],
    ]);
    expect(matrixText(rows, SCORE, PLAIN)).toBe(`\
Score of soft (rows) against sft (columns), run nano, judge judge
against sft@      3     10
soft@3         0.50  -0.21
soft@10        1.00   0.00
`);
  });

  it('has a dash for what is not there', () => {
    const rows = rowsOf([
      [3, 3, null],
      [4, 4, 0.25],
    ]);
    const lines = matrixText(rows, SCORE, PLAIN).split('\n');
    expect(lines.slice(2, 4)).toEqual(['soft@3            –      –', 'soft@4            –   0.25']);
  });

  it('has a dash where no verdict could be read, whatever the formula gives', () => {
    const { columns, rows } = rowsOf([
      [3, 3, 0],
      [4, 3, 0],
    ]);
    const counted = rows.map((row, index) => [...row, index === 0 ? 12 : 11, 12]);
    const text = matrixText({ columns: [...columns, 'malformed', 'total'], rows: counted }, SCORE, PLAIN);
    expect(text.split('\n').slice(2, 4)).toEqual(['soft@3            –', 'soft@4         0.00']);
  });

  it('is one matrix for each comparison, and for each value of the view', () => {
    const both = [
      ...rowsOf([[3, 3, 1]]).rows,
      ...rowsOf([[3, 3, 0]], { comparison: 'other', model_b: 'x' }).rows,
    ];
    const text = matrixText({ columns: COLUMNS, rows: both }, SCORE, PLAIN);
    expect(text.split('\n\n')).toHaveLength(2);
    const byJudge = { ...SCORE, by: ['judge_deviations'] };
    const two = [...rowsOf([[3, 3, 1]]).rows, ...rowsOf([[3, 3, 0]], { judge_deviations: 'greedy' }).rows];
    expect(matrixText({ columns: COLUMNS, rows: two }, byJudge, PLAIN)).toContain('deviations: greedy');
  });

  it('breaks into blocks where the terminal is too narrow', () => {
    const rows = rowsOf(Array.from({ length: 30 }, (_, index): Cell => [3, index + 1, 0.1]));
    for (const width of [40, 80]) {
      const lines = matrixText(rows, SCORE, { width, isColored: false }).split('\n');
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join(' ').match(/0\.10/g)).toHaveLength(30);
    }
  });

  it('colors what is significant, and a share as something bad', () => {
    const rows = rowsOf([
      [3, 3, 0.5, 0.01],
      [3, 4, 0.5, 0.2],
    ]);
    const color = '\u001b[48;5;';
    expect(matrixText(rows, SCORE, { width: 80, isColored: true }).split(color)).toHaveLength(2);
    expect(matrixText(rows, SCORE, PLAIN)).not.toContain('\u001b');
    const share = { value: 'score', title: 'Share', scale: 'share', by: [] } as const;
    expect(matrixText(rowsOf([[3, 3, 1]]), share, { width: 80, isColored: true })).toContain(`${color}52;`);
  });

  it('shows names from files as harmless text', () => {
    const text = matrixText(rowsOf([[3, 3, 1]], { model_b: 'a\u001b[31mb', judge: 'x\ny' }), SCORE, PLAIN);
    expect(text).toContain('against a\\u{1b}[31mb@');
    expect(text).toContain('judge x\\ny');
    expect(text.split('\n')).toHaveLength(4);
  });
});
