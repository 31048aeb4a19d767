import { useEffect, useRef, useState } from 'preact/hooks';
import type { QueryResult } from '../../../store/query-result.ts';
import { exampleQueries } from '../../queries/example-queries.ts';
import { useLink, usePage, useRun } from '../../state.ts';
import { ViewColumns } from './columns-list.tsx';
import { ResultTable } from './query-rows.tsx';
import { SqlHistory } from './sql-history.tsx';
import { useHistory } from './use-history.ts';

type State =
  | { readonly kind: 'nothing' | 'running' }
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'done'; readonly result: QueryResult };

/** Read-only SQL over the documented views; a query in the address runs at once. */
export function SqlView() {
  const { engine, route } = usePage();
  const run = useRun();
  const given = route.settings['q'];
  const [sql, setSql] = useState(given ?? exampleQueries(run)[0]![1]);
  const [state, setState] = useState<State>({ kind: 'nothing' });
  const [history, remember] = useHistory();
  const box = useRef<HTMLTextAreaElement>(null);
  const runSql = (text: string) => {
    setState({ kind: 'running' });
    engine.sql('first', text).then(
      (result) => {
        setState({ kind: 'done', result });
        remember(text);
      },
      (error: Error) => setState({ kind: 'problem', problem: error.message }),
    );
  };
  useEffect(() => {
    if (given !== undefined) runSql(given);
  }, [given]);
  const insert = (name: string) => {
    box.current!.setRangeText(name, box.current!.selectionStart, box.current!.selectionEnd, 'end');
    setSql(box.current!.value);
    box.current!.focus();
  };
  return (
    <>
      <h1>SQL</h1>
      <p>One SELECT over the views of the results file. Nothing can be changed by it.</p>
      <div class="sql">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            runSql(sql);
          }}
        >
          <label for="sql">Query</label>
          <textarea
            id="sql"
            ref={box}
            rows={10}
            spellcheck={false}
            value={sql}
            onInput={(event) => setSql(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) runSql(sql);
            }}
          />
          <p class="buttons">
            <button type="submit">Run</button>{' '}
            {state.kind === 'running' && (
              <button type="button" onClick={() => void engine.restart()}>
                Stop
              </button>
            )}{' '}
            <SqlHistory history={history} choose={setSql} />{' '}
            <span class="muted keys">Ctrl+Enter runs it</span>
          </p>
        </form>
        <ViewColumns insert={insert} />
      </div>
      <Outcome state={state} />
      <Examples run={run} />
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
