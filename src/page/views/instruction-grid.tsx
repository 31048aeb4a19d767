import { useState } from 'preact/hooks';
import type { ResponseState } from '../../core/domain.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { UnansweredResponse } from '../../store/read/state-reads.ts';
import { shownExits, withExit } from '../content/shown-exits.ts';
import { stateName } from '../content/state-text.ts';
import { ClampedText } from '../parts/clamped-text.tsx';
import { RightMark } from '../parts/right-mark.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { DepthLegend, TokenDepths } from '../parts/token-depths.tsx';
import type { ResponseDetail } from '../queries/cell-query.ts';
import type { ResponseDepths } from '../queries/instruction-query.ts';
import { useChange, usePage } from '../state.ts';

interface GridTableProps {
  readonly head: RunHead;
  readonly responses: readonly ResponseDetail[];
  /** Those of them that are no answers. */
  readonly unanswered: readonly UnansweredResponse[];
  /** Of those at adaptive depth. */
  readonly depths: readonly ResponseDepths[];
}

/** One instruction at the chosen exits of all models; heads of rows and columns stay in sight. */
export function GridTable({ head, responses, unanswered, depths }: GridTableProps) {
  const [isWhole, setWhole] = useState(false);
  const all = [...new Set(responses.map(({ exit }) => exit))].sort((one, other) => one - other);
  const shown = shownExits(all, usePage().route.settings['exits'] ?? '');
  return (
    <>
      <ExitChoice all={all} shown={shown} />
      <label>
        <input type="checkbox" checked={isWhole} onChange={() => setWhole(!isWhole)} /> whole texts
      </label>
      {depths.length > 0 && <DepthLegend exits={all} />}
      <Scroll label="Answers">
        <table class="plain grid" style={{ '--models': head.models.length }}>
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
            {shown.map((exit) => (
              <tr key={exit}>
                <th scope="row">{exit}</th>
                {head.models.map(({ model, label }) => (
                  <GridCell
                    key={model}
                    of={`${label} at exit ${exit}`}
                    isWhole={isWhole}
                    response={responses.find((one) => one.model === model && one.exit === exit)}
                    state={unanswered.find((one) => one.model === model && one.exit === exit)?.state}
                    depths={depths.find((one) => one.model === model && one.exit === exit)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** Which exits have a row; the choice stands in the address. */
function ExitChoice({ all, shown }: { all: readonly number[]; shown: readonly number[] }) {
  const change = useChange();
  return (
    <fieldset class="switches">
      <legend>Exits</legend>
      {all.map((exit) => (
        <label key={exit}>
          <input
            type="checkbox"
            checked={shown.includes(exit)}
            onChange={() => change({ exits: withExit(all, shown, exit) })}
          />{' '}
          {exit}
        </label>
      ))}
    </fieldset>
  );
}

interface GridCellProps {
  readonly response: ResponseDetail | undefined;
  /** Of a response that is no answer. */
  readonly state: ResponseState | undefined;
  readonly of: string;
  readonly isWhole: boolean;
  readonly depths: ResponseDepths | undefined;
}

function GridCell({ response, state, of, isWhole, depths }: GridCellProps) {
  if (response === undefined) return <td class="muted">–</td>;
  if (state !== undefined) return <td class="muted">no answer: {stateName(state)}</td>;
  return (
    <td class={response.correct === 1 ? 'right' : undefined}>
      <RightMark correct={response.correct} />
      <ClampedText text={response.text} of={of} isWhole={isWhole}>
        {depths && <TokenDepths text={response.text} depths={depths} deepest={response.exit} />}
      </ClampedText>
    </td>
  );
}
