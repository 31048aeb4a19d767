/** One table of a results file: its SQL and what its columns mean, in one place. */

/** SQL definition, meaning with its unit, and what NULL means where the column may be NULL. */
export type ColumnDefinition = readonly [definition: string, meaning: string, whenNull?: string];

export interface Table<Columns extends ColumnDefinitions = ColumnDefinitions> {
  readonly name: string;
  /** One sentence for people. */
  readonly description: string;
  readonly columns: Columns;
  /** Keys and references over several columns. */
  readonly constraints?: readonly string[];
  readonly options: 'STRICT' | 'STRICT, WITHOUT ROWID';
  /** Comments that stand in the SQL of existing files: above the table, or above a column. */
  readonly comment?: string;
  readonly columnComments?: Readonly<Record<string, string>>;
}

export type ColumnDefinitions = Readonly<Record<string, ColumnDefinition>>;

/** Keeps the names of the columns in the type, from which the types of rows are made. */
export function table<const Columns extends ColumnDefinitions>(definition: Table<Columns>): Table<Columns> {
  return definition;
}

/** The statements of a migration. The text of a released version must never change, white space included. */
export function createTables(tables: readonly Table[]): string {
  return `\n${tables.map(createTable).join('\n\n')}\n`;
}

/** Column → its value for a row that is there, as SQL. */
export type ColumnValues = Readonly<Record<string, string>>;

/** A table that a migration makes anew. */
export interface TableChange {
  readonly before: Table;
  readonly now: Table;
  /** Of columns that do not keep their value. */
  readonly values?: ColumnValues;
}

/**
 * The statements that put a changed table in the place of the one of its name, with its rows: SQLite cannot change a
 * constraint. Columns that only one of the two has are dropped, or NULL without a value. Foreign keys must be off.
 */
export function replaceTable({ before, now: { name, ...changed }, values = {} }: TableChange): string {
  const made = `${name}_changed`;
  const columns = Object.keys(changed.columns).filter(
    (column) => column in before.columns || column in values,
  );
  const selected = columns.map((column) => values[column] ?? column);
  return [
    createTable({ ...changed, name: made }),
    `INSERT INTO ${made} (${columns.join(', ')}) SELECT ${selected.join(', ')} FROM ${name};`,
    `DROP TABLE ${name};`,
    `ALTER TABLE ${made} RENAME TO ${name};`,
  ].join('\n');
}

function createTable({ name, columns, constraints = [], options, comment, columnComments }: Table): string {
  const lines = [
    ...Object.entries(columns).map(([column, [definition]]) => {
      const note = columnComments?.[column];
      return `${note === undefined ? '' : `-- ${note}\n  `}${column} ${definition}`;
    }),
    ...constraints,
  ];
  const above = comment === undefined ? '' : `-- ${comment}\n`;
  return `${above}CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n) ${options};`;
}
