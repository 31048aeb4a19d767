/** The rows of a query as objects: `{model: 'soft', exit: 6, …}`. */
export function rowObjects<Value>({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}): Record<string, Value>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]!])));
}
