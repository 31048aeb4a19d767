import type { CommandModule } from 'yargs';
import { formatRows, type RowFormat } from '../report/table.ts';
import { viewListText } from '../report/view-list.ts';
import { openReadOnlyStore } from '../store/database.ts';
import { querySql, queryView } from '../store/query.ts';
import { VIEWS } from '../store/views.ts';
import type { Terminal } from './main.ts';

type QueryArguments = { view: string | undefined; sql: string | undefined; db: string; format: RowFormat };

export const ROW_FORMATS: readonly RowFormat[] = ['table', 'json', 'csv'];

/** `sorted-eval query [view | --sql "SELECT …"]` */
export function queryCommand({ stdout, stderr }: Terminal): CommandModule<object, QueryArguments> {
  return {
    command: 'query [view]',
    describe: 'print a view of a results file, or the answer to read-only SQL',
    builder: (args) =>
      args
        .positional('view', { type: 'string', describe: 'view to print; none lists the views' })
        .option('sql', { type: 'string', conflicts: 'view', describe: 'one SELECT statement' })
        .option('db', { type: 'string', default: 'reports/nano/results.db', describe: 'results file' })
        .option('format', { choices: ROW_FORMATS, default: 'table' as RowFormat, describe: 'output format' }),
    handler: ({ view, sql, db, format }) => {
      if (view === undefined && sql === undefined) {
        stdout.write(viewListText(VIEWS, stdout.columns));
        return;
      }
      const store = openReadOnlyStore(db);
      try {
        const result = sql === undefined ? queryView(store, view!) : querySql(store, sql);
        const printed = formatRows(result, format, stdout.columns);
        stdout.write(printed.stdout);
        stderr.write(printed.stderr);
      } finally {
        store.close();
      }
    },
  };
}
