import { labelOf } from '../../../figures/run/labels.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { scoresRead } from '../../../store/read/score-reads.ts';
import { cellSettings, pairChoice, subModelNames } from '../../address.ts';
import { scoreDetail } from '../../content/cell-detail.ts';
import { half } from '../../content/number-text.ts';
import { chosenPairs } from '../../content/pair/pairs.ts';
import { QueryLink } from '../../parts/query-link.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { type CellAddress, cellPairsRead } from '../../queries/cell-query.ts';
import { useLink, usePage, useRead } from '../../state.ts';
import { NotesExport } from '../pair/notes-export.tsx';
import { Controls } from './cell-controls.tsx';
import { CellNumbers } from './cell-numbers.tsx';
import { PairTable } from './cell-table.tsx';
import { InCell } from './in-cell.tsx';
import { usePairs } from './use-pairs.ts';

/** One cell of a matrix and the pairs behind it. */
export function CellView() {
  return <InCell>{(head, cell) => <Cell key={JSON.stringify(cell)} head={head} cell={cell} />}</InCell>;
}

interface CellProps {
  readonly head: RunHead;
  readonly cell: CellAddress;
}

function Cell({ head, cell }: CellProps) {
  const link = useLink();
  const names = subModelNames(head, cell);
  return (
    <>
      <p>
        <a href={link('overview')}>Overview</a>
      </p>
      <h1>
        {names[0]} against {names[1]}
      </h1>
      <ScoreLine head={head} cell={cell} />
      <CellNumbers cell={cell} names={names} />
      <Pairs cell={cell} names={names} />
    </>
  );
}

function ScoreLine({ head, cell }: CellProps) {
  const scores = useRead('first', scoresRead(cell.run, head.policy ?? 'average'));
  const own = scores.result?.find(
    ({ comparison, exitA, exitB }) =>
      comparison === cell.comparison && exitA === cell.exitA && exitB === cell.exitB,
  );
  if (own === undefined) return null;
  const detail = scoreDetail(own, labelOf(head, cell.modelA), labelOf(head, cell.modelB));
  return (
    <p>
      {detail}. Policy {own.policy}; total {half(own.total)}.
    </p>
  );
}

function Pairs({ cell, names }: { cell: CellAddress; names: readonly [a: string, b: string] }) {
  const { route } = usePage();
  const choice = pairChoice(route.settings);
  const read = cellPairsRead(cell, choice.search);
  const found = usePairs(cell, choice.search);
  return (
    <section aria-labelledby="pairs">
      <h2 id="pairs">Pairs</h2>
      <Controls names={names} pairs={found.result ?? []} />
      <Ready state={found}>
        {(pairs) => {
          const chosen = chosenPairs(pairs, choice);
          const settings = cellSettings(cell, choice);
          return <PairTable pairs={chosen} total={pairs.length} names={names} settings={settings} />;
        }}
      </Ready>
      <QueryLink read={read} /> <NotesExport run={cell.run} />
    </section>
  );
}
