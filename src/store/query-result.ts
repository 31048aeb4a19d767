/** Rows of a statement, alike for better-sqlite3 and for SQLite in the browser. */

/** What SQLite gives back. Blobs are Uint8Array. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Values of a statement's named parameters (`@run`). */
export type SqlParameters = Readonly<Record<string, string | number | null>>;

export interface QueryResult {
  /** Distinct names: a second column of the same name gets `_2`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/**
 * @param columns as the statement names them @param rows integers may be bigint: those that a number holds
 * become one
 */
export function queryResult(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): QueryResult {
  return { columns: distinctNames(columns), rows: rows.map((row) => row.map(asNumberWhereSafe)) };
}

function distinctNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 2; used.has(distinct); count++) distinct = `${name}_${count}`;
    used.add(distinct);
    return distinct;
  });
}

function asNumberWhereSafe(value: SqlValue): SqlValue {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
