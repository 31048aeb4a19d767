import type { RunHead } from '../../../store/read/run-head.ts';
import { type AnswerStates, answerStatesRead, UNANSWERED_STATES } from '../../../store/read/state-reads.ts';
import { count } from '../../content/number-text.ts';
import { QueryLink } from '../../parts/query-link.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { useRead } from '../../state.ts';

/** What is no answer, by exit; nothing where all are answers. */
export function StatesSection({ head }: { head: RunHead }) {
  const read = answerStatesRead(head.run);
  const rows = useRead('first', read).result ?? [];
  if (rows.every(({ answered, responses }) => answered === responses)) return null;
  return (
    <section aria-labelledby="states">
      <h2 id="states">Responses that are no answer</h2>
      <p>They are not judged, and neither right nor wrong.</p>
      <StatesTable rows={rows} />
      <QueryLink read={read} />
    </section>
  );
}

function StatesTable({ rows }: { rows: readonly AnswerStates[] }) {
  const occurring = UNANSWERED_STATES.filter(([field]) => rows.some((row) => row[field] > 0));
  return (
    <Scroll label="States of responses">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Exit</th>
            <th scope="col">Responses</th>
            <th scope="col">Answered</th>
            {occurring.map(([field, words]) => (
              <th key={field} scope="col">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.model}@${row.exit}`}>
              <th scope="row">{`${row.model}@${row.exit}`}</th>
              <td>{count(row.responses)}</td>
              <td>{count(row.answered)}</td>
              {occurring.map(([field]) => (
                <td key={field}>{count(row[field])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
