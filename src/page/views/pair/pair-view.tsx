import type { RunHead } from '../../../store/read/run-head.ts';
import { subModelNames } from '../../address.ts';
import { Ready } from '../../parts/query-state.tsx';
import { Quoted } from '../../parts/shown-text.tsx';
import { type CellAddress, type ResponseDetail, responsesRead } from '../../queries/cell-query.ts';
import { useLink, usePage, useRead } from '../../state.ts';
import { InCell } from '../cell/in-cell.tsx';
import { PairBadges } from './pair-badges.tsx';
import { PairNoteForm } from './pair-note-form.tsx';
import { PairResponses } from './pair-responses.tsx';
import { Steps } from './pair-steps.tsx';
import { PairVerdicts } from './pair-verdicts.tsx';

/** One instruction, two responses, and what the judge wrote. */
export function PairView() {
  return <InCell>{(head, cell) => <Pair head={head} cell={cell} />}</InCell>;
}

function Pair({ head, cell }: { head: RunHead; cell: CellAddress }) {
  const { settings } = usePage().route;
  const id = settings['instruction'] ?? '';
  const names = subModelNames(head, cell);
  const a = useRead('first', responsesRead(cell.run, id, { model: cell.modelA, exit: cell.exitA }));
  const b = useRead('first', responsesRead(cell.run, id, { model: cell.modelB, exit: cell.exitB }));
  return (
    <>
      <Steps cell={cell} names={names} id={id} />
      <Ready state={a}>
        {([responseA]) => (
          <Ready state={b}>
            {([responseB]) =>
              responseA && responseB ? (
                <>
                  <Task response={responseA} id={id} />
                  <PairBadges cell={cell} names={names} id={id} />
                  <PairResponses responses={[responseA, responseB]} names={names} cell={cell} id={id} />
                  {responseA.text !== null && responseB.text !== null && (
                    <PairVerdicts cell={cell} names={names} id={id} responses={[responseA, responseB]} />
                  )}
                  <PairNoteForm cell={cell} id={id} />
                </>
              ) : (
                <h1>No such pair</h1>
              )
            }
          </Ready>
        )}
      </Ready>
    </>
  );
}

function Task({ response, id }: { response: ResponseDetail; id: string }) {
  const link = useLink();
  return (
    <>
      <h1>
        <Quoted text={response.instruction} />
      </h1>
      {response.input !== '' && (
        <p>
          <span class="muted">Input: </span>
          <Quoted text={response.input} />
        </p>
      )}
      {response.answer !== null && (
        <p>
          <span class="muted">Right answer: </span>
          <Quoted text={response.answer} />
        </p>
      )}
      <p>
        <a href={link('instruction', { id })}>This instruction at all exits</a>
      </p>
    </>
  );
}
