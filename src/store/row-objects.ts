import type { QueryResult, SqlValue } from './query-result.ts';

/** The rows of a query as objects: `{model: 'soft', exit: 6, …}`. */
export function rowObjects({ columns, rows }: QueryResult): Record<string, SqlValue>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]!])));
}
