/**
 * A copy of a results file to be sent around: every documented view has the same rows, in less room and
 * without computing. The divergences of single instructions, which only `kl_curves` and `kl_points` read, are left out, and
 * content keys keep only their first digits: they are most of what does not compress.
 */
import type { Store } from './database.ts';
import { type Database, openMemory } from './sqlite-driver.ts';

/** Views over all verdicts or divergences whose rows are few. */
const COMPUTED = [
  ...['scores', 'scores_by_policy', 'cells', 'position_bias', 'length_bias', 'judge_agreement'],
  ...['quality', 'kl_curves', 'kl_points', 'degenerate_answers', 'degenerate_wins'],
  ...['answer_states', 'verdict_states', 'depth_gaps', 'speed_ratios', 'category_quality', 'category_scores'],
];
/** Children first. */
const LEFT_OUT = ['kl_curve', 'kl_value', 'kl'];

/** Hex digits that a key keeps: 64 bits, so that no two are equal. */
const KEY_DIGITS = 16;

/** @returns bytes of a results file */
export function compactImage(store: Store): Uint8Array {
  const database = openMemory(store.image());
  try {
    database.execute('PRAGMA foreign_keys = OFF');
    computeViews(database);
    for (const name of LEFT_OUT) database.execute(`DROP TABLE main.${name}`);
    shortenKeys(database);
    database.execute('VACUUM');
    return database.image();
  } finally {
    database.close();
  }
}

/** All are computed before the first changes: one may read another. */
function computeViews(database: Database): void {
  const known = namesOf(database, 'view');
  const views = COMPUTED.filter((name) => known.includes(name));
  for (const name of views)
    database.execute(`CREATE TEMP TABLE computed_${name} AS SELECT * FROM main.${name}`);
  for (const name of views) {
    database.execute(
      `DROP VIEW main.${name}; CREATE TABLE main.${name} AS SELECT * FROM temp.computed_${name}`,
    );
    database.execute(`DROP TABLE temp.computed_${name}`);
  }
}

/** In all tables, so that references stay valid. */
function shortenKeys(database: Database): void {
  for (const table of namesOf(database, 'table').filter((name) => name !== 'run')) {
    const columns = database.values('SELECT name FROM pragma_table_info(@table)', { table }) as string[];
    const keys = columns.filter((name) => /_(key|sha256)$/.test(name));
    const changes = keys.map((name) => `${name} = substr(${name}, 1, ${KEY_DIGITS})`);
    if (changes.length > 0) database.execute(`UPDATE main.${table} SET ${changes.join(', ')}`);
  }
}

function namesOf(database: Database, type: 'table' | 'view'): string[] {
  return database.values('SELECT name FROM sqlite_schema WHERE type = @type', { type }) as string[];
}
