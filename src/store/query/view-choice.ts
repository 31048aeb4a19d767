/** Rows and columns of a view, chosen without SQL. */
import { InputError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { View } from '../views/view-type.ts';
import { type Conditions, conditionSql } from './row-conditions.ts';

export interface ViewChoice {
  /** In this order. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** Column → the text that its value must be when printed: `6` finds the number 6. */
  readonly where?: ReadonlyMap<string, string> | undefined;
  /** What else must hold: comparisons, or an SQL expression over the columns. */
  readonly conditions?: Conditions | undefined;
  /** At most this many rows. */
  readonly limit?: number | undefined;
}

/** Throws InputError `bad-query` for a column that the view does not have, naming the nearest. */
export function choiceSql(
  view: View,
  { columns = view.columns, where = new Map(), conditions: given = { list: [] }, limit }: ViewChoice,
): string {
  for (const column of columns) requireColumn(view, column, '--columns');
  const equal = [...where].map(([column, value]) => ({ column, operator: '=' as const, value }));
  const list = 'list' in given ? [...equal, ...given.list] : equal;
  for (const { column } of list) requireColumn(view, column, '--where');
  // The line break ends a comment in the expression.
  const own = 'expression' in given ? [`(${given.expression}\n)`] : [];
  const conditions = [...list.map(conditionSql), ...own];
  return [
    `SELECT ${quoted(columns)} FROM ${view.name}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    `ORDER BY ${quoted(view.orderBy)}`,
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ].join(' ');
}

function requireColumn({ name, columns }: View, column: string, option: string): void {
  if (columns.includes(column)) return;
  throw new InputError({
    code: 'bad-query',
    where: option,
    expected: `a column of ${name} (${columns.join(', ')})`,
    found: JSON.stringify(column),
    fix: `Did you mean ${nearest(column, columns)}?`,
  });
}

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}
