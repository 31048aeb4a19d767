import { useEffect } from 'preact/hooks';
import type { RunHead } from '../../../store/read/run-head.ts';
import { cellSettings, type PairChoice, pairChoice, subModelNames } from '../../address.ts';
import { chosenPairs } from '../../content/pairs.ts';
import { Ready } from '../../parts/query-state.tsx';
import { Quoted } from '../../parts/shown-text.tsx';
import {
  type CellAddress,
  cellPairsRead,
  type ResponseDetail,
  responsesRead,
} from '../../queries/cell-query.ts';
import { useLink, usePage, useRead } from '../../state.ts';
import { InCell } from '../cell/in-cell.tsx';
import { PairResponses } from './pair-responses.tsx';
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
                  <PairResponses responses={[responseA, responseB]} names={names} cell={cell} id={id} />
                  {responseA.text !== null && responseB.text !== null && (
                    <PairVerdicts cell={cell} names={names} id={id} />
                  )}
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

interface StepsProps {
  readonly cell: CellAddress;
  readonly names: readonly [a: string, b: string];
  readonly id: string;
}

/** Back to the cell, and through the pairs that are chosen there. */
function Steps({ cell, names, id }: StepsProps) {
  const choice = pairChoice(usePage().route.settings);
  const link = useLink();
  const { previous, next, place, count } = useNeighbours(cell, choice, id);
  const back = link('cell', cellSettings(cell, choice));
  useKeys({ ArrowLeft: previous, ArrowRight: next, k: previous, j: next, u: back });
  return (
    <nav class="steps" aria-label="Pairs of the cell">
      <a href={back}>
        {names[0]} against {names[1]}
      </a>
      <span>
        {place} of {count}
      </span>
      {previous === undefined ? <span class="muted">← Previous</span> : <a href={previous}>← Previous</a>}
      {next === undefined ? <span class="muted">Next →</span> : <a href={next}>Next →</a>}
      <span class="muted keys">Keys: ← → or k j; u: up to the cell</span>
    </nav>
  );
}

function useNeighbours(cell: CellAddress, choice: PairChoice, id: string) {
  const link = useLink();
  const { result } = useRead('first', cellPairsRead(cell, choice.search));
  const ids = chosenPairs(result ?? [], choice.outcome, choice.sort).map(
    ({ instructionId }) => instructionId,
  );
  const place = ids.indexOf(id);
  const hrefOf = (instruction: string | undefined) =>
    instruction === undefined ? undefined : link('pair', { ...cellSettings(cell, choice), instruction });
  return {
    previous: place > 0 ? hrefOf(ids[place - 1]) : undefined,
    next: place >= 0 ? hrefOf(ids[place + 1]) : undefined,
    ...{ place: place + 1, count: ids.length },
  };
}

/** Keys lead to addresses, except in fields and menus. */
function useKeys(addresses: Readonly<Record<string, string | undefined>>): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).matches?.('input, select, textarea');
      const href = Object.hasOwn(addresses, event.key) ? addresses[event.key] : undefined;
      if (isTyping || href === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      location.hash = href;
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  });
}
