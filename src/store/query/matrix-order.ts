import type { Reader } from '../database.ts';
import type { QueryResult, SqlValue } from '../query-result.ts';
import { readComparisons } from '../tables/model-table.ts';

/** Rows of cells with the comparisons of each run as its sweep file orders them: so do reports, figures and the page. */
export function orderedMatrices(store: Reader, { columns, rows }: QueryResult): QueryResult {
  const [run, comparison] = [columns.indexOf('run'), columns.indexOf('comparison')];
  const runs = [...new Set(rows.map((row) => row[run]))];
  const order = runs.flatMap((name) =>
    readComparisons(store, String(name)).map((compared) => keyOf(name!, compared.name)),
  );
  const placeOf = (row: readonly SqlValue[]) => order.indexOf(keyOf(row[run]!, row[comparison]!));
  return { columns, rows: rows.toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

const keyOf = (run: SqlValue, comparison: SqlValue) => JSON.stringify([String(run), String(comparison)]);
