/** Queries of users: a documented view by name, or one SQL statement that only reads. */
import { InputError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { Store } from '../database.ts';
import { choiceSql, type ViewChoice } from '../query/view-choice.ts';
import type { QueryResult } from '../query-result.ts';
import type { View } from '../views/view-type.ts';
import { VIEWS } from '../views/views.ts';

type QueryableStore = Pick<Store, 'all' | 'select'>;

/**
 * Rows of a view in its own order: all of them, or those of a choice.
 * Throws InputError `bad-query` that names the nearest view or column.
 */
export function queryView(store: QueryableStore, name: string, choice: ViewChoice = {}): QueryResult {
  const sql = choiceSql(findView(name), choice);
  if (!choice.conditions || 'list' in choice.conditions) return store.select(sql);
  return selectFor(store, sql, { where: '--where', text: choice.conditions.expression });
}

/** A view of the results files. Throws InputError `bad-query` that names the nearest one. */
export function findView(name: string, others: readonly string[] = []): View {
  return VIEWS.find((candidate) => candidate.name === name) ?? unknownView(name, others);
}

/**
 * Throws InputError `bad-query` when `sql` is not exactly one SELECT, VALUES, WITH or EXPLAIN that only
 * reads, or names what does not exist. Open the store read-only for it.
 */
export function querySql(store: QueryableStore, sql: string): QueryResult {
  // For SQLite, PRAGMA and ATTACH only read; yet they change the connection.
  if (!/^(select|with|values|explain)\b/i.test(withoutLeadingComments(sql))) throw notReading(sql);
  return selectFor(store, sql, { where: '--sql', text: sql });
}

/** Where the user wrote SQL, and what. */
interface Written {
  readonly where: '--sql' | '--where';
  readonly text: string;
}

function selectFor(store: QueryableStore, sql: string, written: Written): QueryResult {
  try {
    return store.select(sql);
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (error instanceof RangeError) throw notReading(written.text, written.where);
    if ((error as { code?: unknown }).code !== undefined)
      throw sqlProblem(store, sql, error as Error, written.where);
    throw error;
  }
}

function unknownView(name: string, others: readonly string[]): never {
  const names = [...VIEWS.map((view) => view.name), ...others];
  throw new InputError({
    code: 'bad-query',
    where: 'query',
    expected: `a view (${names.join(', ')})`,
    found: JSON.stringify(name),
    fix: `Did you mean ${nearest(name, names)}? Other questions: --sql "SELECT …".`,
  });
}

function withoutLeadingComments(sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '');
}

const WANTED = {
  '--sql': 'one SELECT statement (WITH, VALUES and EXPLAIN too) that only reads',
  '--where': 'one expression over the columns of the view',
};

function notReading(sql: string, where: Written['where'] = '--sql'): InputError {
  return new InputError({
    code: 'bad-query',
    where,
    expected: WANTED[where],
    found: JSON.stringify(sql.trim().slice(0, 60)),
    fix: 'Results are read-only here; ask for one thing at a time.',
  });
}

function sqlProblem(store: QueryableStore, sql: string, error: Error, where: Written['where']): InputError {
  const fix = hint(store, sql, error.message);
  return new InputError({
    code: 'bad-query',
    where,
    expected: where === '--sql' ? 'SQL over the views' : WANTED[where],
    found: error.message,
    fix: where === '--sql' ? fix : `${fix} Examples: --where "score>0.5", --where "model='soft' AND exit<8".`,
    cause: error,
  });
}

function hint(store: QueryableStore, sql: string, message: string): string {
  const column = /no such column: "?(?:\w+\.)*([^"\s]+)/.exec(message)?.[1];
  if (column !== undefined) return `Did you mean ${nearest(column, columnsNear(store, sql))}?`;
  const table = /no such table: (?:\w+\.)*(\S+)/.exec(message)?.[1];
  if (table !== undefined) return `Did you mean ${nearest(table, tableNames(store))}?`;
  return '`sorted-eval query` alone lists the views and their columns.';
}

/** Columns of the tables and views that the statement names, or of all views where it names none. */
function columnsNear(store: QueryableStore, sql: string): string[] {
  const words = new Set(sql.toLowerCase().match(/\w+/g));
  const named = tableNames(store).filter((table) => words.has(table));
  const tables = named.length > 0 ? named : VIEWS.map((view) => view.name);
  return tables.flatMap((table) =>
    store
      .all<{ name: string }>('SELECT name FROM pragma_table_info(@table)', { table })
      .map(({ name }) => name),
  );
}

function tableNames(store: QueryableStore): string[] {
  const rows = store.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");
  return [...VIEWS.map((view) => view.name), ...rows.map(({ name }) => name)];
}
