import type { ResponseState } from '../../core/domain.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { UnansweredResponse } from '../../store/read/state-reads.ts';
import { stateName } from '../content/state-text.ts';
import { RightMark } from '../parts/right-mark.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Quoted } from '../parts/shown-text.tsx';
import type { ResponseDetail } from '../queries/cell-query.ts';

interface GridTableProps {
  readonly head: RunHead;
  readonly responses: readonly ResponseDetail[];
  /** Those of them that are no answers. */
  readonly unanswered: readonly UnansweredResponse[];
}

/** One instruction at all exits of all models. */
export function GridTable({ head, responses, unanswered }: GridTableProps) {
  const exits = [...new Set(responses.map(({ exit }) => exit))].sort((one, other) => one - other);
  return (
    <Scroll label="Answers">
      <table class="plain grid">
        <thead>
          <tr>
            <th scope="col">Exit</th>
            {head.models.map(({ model, label }) => (
              <th key={model} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {exits.map((exit) => (
            <tr key={exit}>
              <th scope="row">{exit}</th>
              {head.models.map(({ model }) => (
                <GridCell
                  key={model}
                  response={responses.find((one) => one.model === model && one.exit === exit)}
                  state={unanswered.find((one) => one.model === model && one.exit === exit)?.state}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface GridCellProps {
  readonly response: ResponseDetail | undefined;
  /** Of a response that is no answer. */
  readonly state: ResponseState | undefined;
}

function GridCell({ response, state }: GridCellProps) {
  if (response === undefined) return <td class="muted">–</td>;
  if (state !== undefined) return <td class="muted">no answer: {stateName(state)}</td>;
  return (
    <td class={response.correct === 1 ? 'right' : undefined}>
      <RightMark correct={response.correct} />
      <Quoted text={response.text} />
    </td>
  );
}
