/**
 * A store read: one SQL text with its parameters and the type of its rows. It runs in Node and in the browser
 * alike.
 */
import type { Reader } from '../database.ts';
import type { SqlParameters, SqlValue } from '../query-result.ts';
import { sqlText } from '../schema/sql-list.ts';
import { camelCase } from '../tables/statements.ts';

export interface Read<Row> {
  readonly sql: string;
  /** Values of the `@name` parameters. */
  readonly params: SqlParameters;
  /** A view that files of older schemas lack: the read of such a file gives no rows. */
  readonly needs?: string;
  toRow(stored: StoredRow): Row;
}

/** What a read is where only its SQL counts: all that crosses a thread. */
export type PlainRead = Omit<Read<unknown>, 'toRow'>;

/** Column → value. */
export type StoredRow = Readonly<Record<string, SqlValue>>;

/** A read whose rows are its columns with their names in camel case. */
export function defineRead<Row>(
  sql: string,
  params: SqlParameters = {},
  options: Partial<Pick<Read<Row>, 'needs' | 'toRow'>> = {},
): Read<Row> {
  return { sql, params, toRow: camelCased<Row>, ...options };
}

export function read<Row>(store: Reader, wanted: Read<Row>): Row[] {
  return storedRows(store, wanted).map((row) => wanted.toRow(row));
}

/** The first row; `undefined` where there is none. */
export function readFirst<Row>(store: Reader, wanted: Read<Row>): Row | undefined {
  return read(store, wanted)[0];
}

/** The rows as the file has them. */
export function storedRows(store: Reader, { sql, params, needs }: PlainRead): StoredRow[] {
  if (needs !== undefined && !hasTable(store, needs)) return [];
  return store.all<StoredRow>(sql, params);
}

/** `{ exit_a: 6 }` as `{ exitA: 6 }`. */
export function camelCased<Row>(stored: StoredRow): Row {
  return Object.fromEntries(Object.entries(stored).map(([name, value]) => [camelCase(name), value])) as Row;
}

/** The SQL of a read with its parameters as literals: pasted anywhere, it gives the same rows. */
export function literalSql({ sql, params }: PlainRead): string {
  // Strings and quoted names come first, so that an @ in them stays.
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|@(\w+)/g, (text, name: string | undefined) =>
    name === undefined ? text : literal(params[name] ?? null),
  );
}

/** A value as SQL writes it. */
function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  // SQLite ends a statement at its first NUL.
  if (value.includes('\0')) return `CAST(x'${hexOf(value)}' AS TEXT)`;
  return sqlText(value);
}

function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function hasTable(store: Reader, name: string): boolean {
  return store.get('SELECT 1 FROM sqlite_schema WHERE name = @name', { name }) !== undefined;
}
