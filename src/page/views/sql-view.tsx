import { useState } from 'preact/hooks';
import type { QueryResult } from '../../store/query-result.ts';
import { VIEWS } from '../../store/views/views.ts';
import { csvText } from '../../terminal/csv-text.ts';
import type { CellValue } from '../../terminal/rows.ts';
import { count } from '../content/number-text.ts';
import { Scroll } from '../parts/scroll.tsx';
import { Excerpt } from '../parts/shown-text.tsx';
import { exampleQueries } from '../queries/example-queries.ts';
import { useLink, usePage, useRun } from '../state.ts';

type State =
  | { readonly kind: 'nothing' | 'running' }
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'done'; readonly result: QueryResult };

/** Read-only SQL over the documented views. */
export function SqlView() {
  const { engine, route } = usePage();
  const run = useRun();
  const [sql, setSql] = useState(route.settings['q'] ?? exampleQueries(run)[0]![1]);
  const [state, setState] = useState<State>({ kind: 'nothing' });
  const runSql = () => {
    setState({ kind: 'running' });
    engine.sql('first', sql).then(
      (result) => setState({ kind: 'done', result }),
      (error: Error) => setState({ kind: 'problem', problem: error.message }),
    );
  };
  return (
    <>
      <h1>SQL</h1>
      <p>One SELECT over the views of the results file. Nothing can be changed by it.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          runSql();
        }}
      >
        <label for="sql">Query</label>
        <textarea
          id="sql"
          rows={8}
          spellcheck={false}
          value={sql}
          onInput={(event) => setSql(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) runSql();
          }}
        />
        <p class="buttons">
          <button type="submit">Run</button>{' '}
          {state.kind === 'running' && (
            <button type="button" onClick={() => void engine.restart()}>
              Stop
            </button>
          )}{' '}
          <span class="muted">Ctrl+Enter runs it</span>
        </p>
      </form>
      <Outcome state={state} />
      <Examples run={run} />
      <ViewList />
    </>
  );
}

function Outcome({ state }: { state: State }) {
  switch (state.kind) {
    case 'running':
      return <p role="status">Running …</p>;
    case 'problem':
      return <p role="alert">{state.problem}</p>;
    case 'done':
      return <ResultTable result={state.result} />;
    default:
      return null;
  }
}

/** Rows that are drawn; the download has all. */
const SHOWN = 500;

function ResultTable({ result: { columns, rows } }: { result: QueryResult }) {
  const shown = rows.slice(0, SHOWN);
  return (
    <section aria-label="Result">
      <p role="status">
        {count(rows.length)} rows{rows.length > SHOWN && `, the first ${SHOWN} are shown`}{' '}
        <button type="button" onClick={() => download(csvText({ columns, rows }))}>
          Download CSV
        </button>
      </p>
      <Scroll label="Rows">
        <table class="plain">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={index}>
                {row.map((value, column) => (
                  <td key={columns[column]} class={typeof value === 'number' ? 'number' : undefined}>
                    <Value value={value} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

/** Characters of a value that a table shows. */
const VALUE = 400;

function Value({ value }: { value: CellValue }) {
  if (value === null) return <span class="muted">NULL</span>;
  const text = value instanceof Uint8Array ? `${value.length} bytes` : String(value);
  return <Excerpt text={text.slice(0, VALUE)} length={text.length} />;
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: url, download: 'result.csv' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Examples({ run }: { run: string }) {
  const link = useLink();
  return (
    <section aria-labelledby="examples">
      <h2 id="examples">Examples</h2>
      <ul>
        {exampleQueries(run).map(([title, sql]) => (
          <li key={title}>
            <a href={link('sql', { q: sql })}>{title}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ViewList() {
  return (
    <section aria-labelledby="view-list">
      <h2 id="view-list">Views</h2>
      <dl class="view-list">
        {VIEWS.map(({ name, description, columns }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              {description}
              <br />
              <code class="muted">{columns.join(', ')}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
