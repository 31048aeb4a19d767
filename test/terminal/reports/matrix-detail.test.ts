import { expect, it } from 'vitest';
import { matrixText } from '../../../src/terminal/reports/matrix-text.ts';

const SHAPE = { value: 'score', title: 'Score', scale: 'signed', by: [], pValue: 'p_holm' } as const;
const COLUMNS = ['run', 'comparison', 'model_a', 'exit_a', 'model_b', 'exit_b', 'judge'];

it('a matrix in detail has interval, n and mark below each other, four exits to a terminal of 80 columns', () => {
  const cell = (exitB: number, ...values: (number | null)[]) => [
    ...['r', 'c', 'soft', 4, 'sft', exitB, 'j'],
    ...values,
  ];
  const columns = [...COLUMNS, 'score', 'ci_low', 'ci_high', 'total', 'p_holm'];
  const rows = [
    cell(3, 0.5, 0.41, 0.58, 170, 0.001),
    cell(4, -0.001, -0.1, 0.1, 169, 1),
    cell(5, 0.1, null, null, 2, null),
    cell(6, -0.4, -0.5, -0.3, 170, 0.05),
    cell(7, 1, 1, 1, 170, 0.2),
  ];
  const text = matrixText({ columns, rows }, SHAPE, { width: 80, isColored: false, hasDetail: true });
  expect(text.split('\n').slice(1)).toEqual([
    'against sft@               3               4               5               6',
    'soft@4                 0.50*            0.00            0.10          -0.40*',
    '                [0.41, 0.58]   [-0.10, 0.10]                  [-0.50, -0.30]',
    '                       n 170           n 169             n 2           n 170',
    '',
    'against sft@               7',
    'soft@4                  1.00',
    '                [1.00, 1.00]',
    '                       n 170',
    '',
    '* p ≤ 0.05, corrected by Holm over the cells of the matrix',
    '',
  ]);
});
