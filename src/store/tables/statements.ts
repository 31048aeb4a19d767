/**
 * Statements from the columns of a table, so that none depends on their order. Fields are column names in
 * camel case.
 */
import type { ColumnDefinition, Table } from '../schema/table-type.ts';
import type { Database } from '../sqlite-driver.ts';

/** `exit_a` → `exitA` */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** What a column takes: `TEXT NOT NULL …` a string, `REAL` a number or null. */
type Field<Definition extends ColumnDefinition> =
  | (Definition[0] extends `TEXT${string}` ? string : number)
  | (Definition[0] extends `${string}NOT NULL${string}` | `${string}PRIMARY KEY${string}` ? never : null);

type Columns<T extends Table> = T['columns'];

/** A row of a table, to be inserted. */
export type Row<T extends Table> = {
  readonly [Name in keyof Columns<T> & string as CamelCase<Name>]: Field<Columns<T>[Name]>;
};

/** What to do with a row whose key is there: `keep` the old one, `refuse`, or replace these columns of it. */
type OnConflict<T extends Table> = 'keep' | 'refuse' | readonly (keyof Columns<T> & string)[];

/** A function that inserts rows of a table. */
export function inserter<T extends Table>(
  table: T,
  onConflict: OnConflict<T>,
): (store: Pick<Database, 'run'>, row: Row<T>) => void {
  const columns = Object.keys(table.columns);
  const parameters = columns.map((column) => `@${camelCase(column)}`);
  const sql = `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${parameters.join(', ')}) ${clause(onConflict)}`;
  return (store, row) => store.run(sql, row as Record<string, string | number | null>);
}

/** A SELECT list: `exit_a` becomes `exit_a AS exitA`; `c.exit_a` likewise. */
export function fields(...columns: readonly string[]): string {
  return columns
    .map((column) => {
      const name = column.slice(column.indexOf('.') + 1);
      return camelCase(name) === name ? column : `${column} AS ${camelCase(name)}`;
    })
    .join(', ');
}

/**
 * Those of `keys` that stand in a column, of the rows with the values of `where`: what need not be computed
 * again.
 */
export function knownKeys<T extends Table>(
  store: Pick<Database, 'all'>,
  { name }: T,
  column: keyof Columns<T> & string,
  keys: readonly string[],
  where: { readonly [Name in keyof Columns<T> & string]?: string } = {},
): Set<string> {
  const conditions = Object.keys(where).map((other) => ` AND ${other} = @${other}`);
  const rows = store.all<{ key: string }>(
    `SELECT ${column} AS key FROM ${name} WHERE ${column} IN (SELECT value FROM json_each(@keys))${conditions.join('')}`,
    { ...(where as Readonly<Record<string, string>>), keys: JSON.stringify(keys) },
  );
  return new Set(rows.map(({ key }) => key));
}

function clause(onConflict: 'keep' | 'refuse' | readonly string[]): string {
  if (onConflict === 'refuse') return '';
  if (onConflict === 'keep') return 'ON CONFLICT DO NOTHING';
  const replaced = (onConflict as readonly string[]).map((column) => `${column} = excluded.${column}`);
  return `ON CONFLICT DO UPDATE SET ${replaced.join(', ')}`;
}

/** `exit_a` → `exitA` */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
