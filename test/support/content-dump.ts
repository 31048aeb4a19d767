/** Everything a results file says, without when and how fast: two equal runs give equal dumps, however often one was killed. */
import type { Store } from '../../src/store/database.ts';
import type { SqlValue } from '../../src/store/query-result.ts';

/** Table → rows as column → value, in an order that does not depend on when they were written. */
export type ContentDump = Readonly<Record<string, readonly Readonly<Record<string, SqlValue>>[]>>;

const TIMING_COLUMNS = new Set(['duration_ms', 'started_at', 'finished_at']);
const TIMING_TABLES = new Set(['speed', 'speed_measurement', 'speed_repetition', 'run_speed']);

export function contentDump(store: Store): ContentDump {
  const tables = store
    .all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
    )
    .filter(({ name }) => !TIMING_TABLES.has(name));
  return Object.fromEntries(tables.map(({ name }) => [name, rowsOf(store, name)]));
}

function rowsOf(store: Store, table: string): Record<string, SqlValue>[] {
  const columns = store
    .all<{ name: string }>('SELECT name FROM pragma_table_info(@table)', { table })
    .map(({ name }) => name)
    .filter((name) => !TIMING_COLUMNS.has(name));
  const list = columns.map((name) => `"${name}"`).join(', ');
  // Badges speak of how fast.
  const where = columns.includes('badge') ? 'WHERE badge = 0' : '';
  return store.all(`SELECT ${list} FROM "${table}" ${where} ORDER BY ${list}`);
}
