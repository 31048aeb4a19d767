/** The data dictionary of a results file: what `docs/results-file.md` is made of. */
import { SCHEMA_VERSION } from './schema/schema-version.ts';
import type { ColumnDefinition, Table } from './schema/table-type.ts';
import { TABLES } from './schema/tables.ts';
import type { View } from './views/view-type.ts';
import { VIEWS } from './views/views.ts';

export interface SchemaDescription {
  /** `PRAGMA user_version`. */
  readonly version: number;
  /** The documented interface, in the order of `sorted-eval query`. */
  readonly views: readonly RelationDescription[];
  /** What the views are made of, in the order in which they are created. */
  readonly tables: readonly RelationDescription[];
}

/** A view or a table. */
export interface RelationDescription {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly ColumnDescription[];
}

export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  /** With its unit. */
  readonly meaning: string;
  /** What NULL means; `undefined` where it does not occur. */
  readonly whenNull: string | undefined;
}

export function describeSchema(): SchemaDescription {
  return { version: SCHEMA_VERSION, views: VIEWS.map(describeView), tables: TABLES.map(describeTable) };
}

function describeView({ name, description, dictionary }: View): RelationDescription {
  const columns = Object.entries(dictionary).map(([column, { type, meaning, whenNull }]) => ({
    ...{ name: column, type, meaning, whenNull },
  }));
  return { name, description, columns };
}

function describeTable({ name, description, columns }: Table): RelationDescription {
  return { name, description, columns: Object.entries(columns).map(describeColumn) };
}

function describeColumn([name, [definition, meaning, whenNull]]: [string, ColumnDefinition]) {
  return { name, type: definition.split(' ', 1)[0]!, meaning, whenNull };
}
