// Read a results file: a documented view by name, or any read-only SQL.
import { openReadOnlyStore, querySql, queryView } from 'sorted-eval';

const store = openReadOnlyStore(process.argv[2] ?? 'reports/nano/results.db');
const scores = queryView(store, 'scores');
console.log(scores.columns.join(', '));
const sql = 'SELECT model, exit, count(*) FROM responses GROUP BY model, exit ORDER BY model, exit';
for (const [model, exit, answers] of querySql(store, sql).rows)
  console.log(`${model}@${exit}: ${answers} answers`);
store.close();
