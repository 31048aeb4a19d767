import type { Argv } from 'yargs';
import { NANO_RESULTS } from '../../config/nano-run.ts';
import type { InputError } from '../../core/errors.ts';
import type { Store } from '../../store/database.ts';
import { orderedMatrices } from '../../store/query/matrix-order.ts';
import { type Conditions, parseConditions } from '../../store/query/row-conditions.ts';
import type { ViewChoice } from '../../store/query/view-choice.ts';
import { findRun } from '../../store/read/find-run.ts';
import { openResults } from '../../store/read/open-results.ts';
import { readPair } from '../../store/read/pair-record.ts';
import { findView, querySql, queryView } from '../../store/read/query-view.ts';
import { VIEWS } from '../../store/views/views.ts';
import { hasColor } from '../../terminal/color.ts';
import { matrixText } from '../../terminal/reports/matrix-text.ts';
import { pairRows, pairText } from '../../terminal/reports/pair-text.ts';
import { viewListText } from '../../terminal/reports/view-list.ts';
import { formatRows, type Printed, printed } from '../../terminal/result-table.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { badOption, DB_OPTION, FORMAT_OPTION, RUN_OPTION, requireInteger } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** Not a view: one pair of responses with its verdicts, to be read. */
const PAIR = {
  name: 'pair',
  description: 'One pair to read: instruction, both answers, both orders’ verdicts in the judge’s words.',
  columns: ['--instruction ID', '--a soft@6', '--b sft@10', '--run NAME where the file has several'],
};
const PAIR_OPTIONS = ['instruction', 'a', 'b'] as const;
const WIDTH = 80;

type QueryArguments = ReturnType<typeof queryArguments> extends Argv<infer Args> ? Args : never;

/** `sorted-eval query [view | pair | --sql "SELECT …"]` */
export const queryCommand = defineCommand({
  command: 'query [view]',
  describe: 'print a view of a results file, or the rows of a read-only SQL statement',
  builder: queryArguments,
  run: (args, { stdout, stderr }) => {
    if (args.view === undefined && args.sql === undefined) {
      // A file that is named is to be read, although the list needs none.
      if (args.db !== undefined) openResults(args.db).close();
      stdout.write(printable(viewListText([...VIEWS, PAIR], stdout.columns)));
      return EXIT.done;
    }
    // Before the file is opened: a misspelled view is the likelier mistake.
    if (args.view !== undefined && args.view !== PAIR.name) findView(args.view, [PAIR.name]);
    const store = openResults(args.db ?? NANO_RESULTS);
    try {
      const { stdout: text, stderr: note } = answer(store, args, stdout);
      stdout.write(printed(text, args.format, stdout));
      stderr.write(printable(note));
      return EXIT.done;
    } finally {
      store.close();
    }
  },
});

function queryArguments(args: Argv) {
  return args
    .positional('view', { type: 'string', describe: 'view to print, or pair; without it, a list of views' })
    .option('sql', { type: 'string', conflicts: 'view', describe: 'one SELECT statement' })
    .option('db', { ...DB_OPTION, default: undefined, defaultDescription: NANO_RESULTS })
    .option('format', FORMAT_OPTION)
    .option('escape-formulas', {
      type: 'boolean',
      default: true,
      describe: 'CSV: an apostrophe before texts that a spreadsheet takes for formulas',
    })
    .option('columns', { type: 'string', conflicts: 'sql', describe: 'columns of the view: model,exit,text' })
    .option('where', {
      type: 'string',
      conflicts: 'sql',
      describe: 'rows of the view: model=soft,score>0.5, or an SQL expression',
    })
    .option('detail', {
      type: 'boolean',
      conflicts: ['sql', 'columns'],
      describe: 'matrices with n, interval and a mark where a cell is significant',
    })
    .option('limit', { type: 'number', conflicts: 'sql', describe: 'at most this many rows of the view' })
    .option('instruction', { type: 'string', describe: 'pair: id of the instruction, or its beginning' })
    .option('a', { type: 'string', describe: 'pair: one sub-model, such as soft@6' })
    .option('b', { type: 'string', describe: 'pair: the other, such as sft@10' })
    .option('run', { ...RUN_OPTION, conflicts: 'sql' });
}

function answer(store: Store, args: QueryArguments, stdout: NodeJS.WriteStream): Printed {
  const { view, sql, format } = args;
  const width = stdout.columns ?? WIDTH;
  const formulas = formulasOf(args);
  if (sql !== undefined) return formatRows(querySql(store, sql), format, width, formulas);
  if (view === PAIR.name) return pairAnswer(store, args, width);
  refuse(
    args,
    PAIR_OPTIONS,
    `query ${view}`,
    'These options are for `query pair`; rows are chosen by --where.',
  );
  const result = queryView(store, view!, choiceOf(store, args));
  const { matrix } = findView(view!);
  if (args.detail && !matrix) throw withoutMatrix(view!);
  if (format !== 'table' || !matrix || args.columns !== undefined || result.rows.length === 0) {
    return formatRows(result, format, width, formulas);
  }
  const inOrder = orderedMatrices(store, result);
  const options = { width, isColored: hasColor(stdout), hasDetail: args.detail ?? false };
  return { stdout: matrixText(inOrder, matrix, options), stderr: '' };
}

function withoutMatrix(view: string): InputError {
  const names = VIEWS.filter(({ matrix }) => matrix).map(({ name }) => name);
  const fix = 'Leave --detail out.';
  return badOption(`query ${view}`, `--detail with a view of cells: ${names.join(', ')}`, view, fix);
}

function formulasOf({ 'escape-formulas': isEscaped }: QueryArguments) {
  return isEscaped ? 'escaped' : 'kept';
}

function choiceOf(store: Store, { columns, where, limit, run }: QueryArguments): ViewChoice {
  const named: [string, string][] = run === undefined ? [] : [['run', findRun(store, run)]];
  return {
    columns: columns?.split(','),
    where: new Map(named),
    conditions: where === undefined ? undefined : conditionsOf(where),
    limit: limitOf(limit),
  };
}

function pairAnswer(store: Store, args: QueryArguments, width: number): Printed {
  refuse(args, ['columns', 'where', 'limit'], 'query pair', 'These options are for views.');
  const { instruction, a, b, run } = args;
  if (instruction === undefined || a === undefined || b === undefined) {
    const missing = PAIR_OPTIONS.filter((name) => args[name] === undefined).map((name) => `--${name}`);
    const fix = 'Example: sorted-eval query pair --instruction ID --a soft@6 --b sft@10.';
    throw badOption('query pair', '--instruction, --a and --b', `no ${missing.join(', ')}`, fix);
  }
  const pair = readPair(store, { instruction, a, b, run });
  if (args.format !== 'table') return formatRows(pairRows(pair), args.format, width, formulasOf(args));
  return { stdout: pairText(pair, Math.min(width, WIDTH)), stderr: '' };
}

/** An option without effect must not look as if it had one. */
function refuse(
  args: QueryArguments,
  names: readonly (keyof QueryArguments)[],
  where: string,
  fix: string,
): void {
  const given = names.find((name) => args[name] !== undefined);
  if (given === undefined) return;
  throw badOption(where, 'options that apply to it', `--${given}`, fix);
}

/** A name alone is an expression for SQLite, and a mistake. */
function conditionsOf(where: string): Conditions {
  if (!/^\s*\w*\s*$/.test(where)) return parseConditions(where);
  const fix = 'Examples: --where model=soft,exit=6 and --where "score>0.5".';
  throw badOption(
    '--where',
    'column=value, with commas between several, or an expression',
    JSON.stringify(where),
    fix,
  );
}

function limitOf(limit: number | undefined): number | undefined {
  if (limit === undefined) return undefined;
  return requireInteger('--limit', limit, { min: 0, unit: 'rows', fix: 'Leave it out for all rows.' });
}
