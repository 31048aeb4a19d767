import type { RunHead } from '../../store/read/run-head.ts';
import { cellSettings, pairChoice, subModelNames } from '../address.ts';
import { scoreDetail } from '../cell-detail.ts';
import { type CellPair, chosenPairs, countPairs, OUTCOMES, type PairOutcome, SORTS } from '../pairs.ts';
import { half } from '../parts/number-text.ts';
import { QueryLink } from '../parts/query-link.tsx';
import { Answered } from '../parts/query-state.tsx';
import type { CellAddress } from '../queries/cell-query.ts';
import { cellQuery } from '../queries/shown-queries.ts';
import { useAsk, useChange, useLink, usePage } from '../state.ts';
import { CellNumbers } from './cell-numbers.tsx';
import { PairTable } from './cell-table.tsx';
import { InCell } from './in-cell.tsx';

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
  const all = useAsk('first', 'cellPairs', cell, '');
  return (
    <>
      <p>
        <a href={link('overview')}>Overview</a>
      </p>
      <h1>
        {names[0]} against {names[1]}
      </h1>
      <ScoreLine head={head} cell={cell} />
      <Answered asked={all}>
        {(pairs) => <CellNumbers counts={countPairs(pairs)} cell={cell} names={names} />}
      </Answered>
      <Pairs cell={cell} names={names} />
      <QueryLink sql={cellQuery(cell.run, cell.comparison, cell.exitA, cell.exitB)} />
    </>
  );
}

function ScoreLine({ head, cell }: CellProps) {
  const scores = useAsk('first', 'scores', cell.run);
  const own = scores.answer?.find(
    ({ comparison, exitA, exitB, policy }) =>
      comparison === cell.comparison &&
      exitA === cell.exitA &&
      exitB === cell.exitB &&
      policy === (head.policy ?? 'average'),
  );
  if (own === undefined) return null;
  const [a, b] = [head.models.find(({ model }) => model === cell.modelA)!.label, cell.modelB];
  const detail = scoreDetail(own, a, head.models.find(({ model }) => model === b)!.label);
  return (
    <p>
      {detail}. Policy {own.policy}; total {half(own.total)}.
    </p>
  );
}

function Pairs({ cell, names }: { cell: CellAddress; names: readonly [a: string, b: string] }) {
  const { route } = usePage();
  const choice = pairChoice(route.settings);
  const found = useAsk('first', 'cellPairs', cell, choice.search);
  return (
    <section aria-labelledby="pairs">
      <h2 id="pairs">Pairs</h2>
      <Controls names={names} pairs={found.answer ?? []} />
      <Answered asked={found}>
        {(pairs) => {
          const chosen = chosenPairs(pairs, choice.outcome, choice.sort);
          const settings = cellSettings(cell, choice);
          return <PairTable pairs={chosen} total={pairs.length} names={names} settings={settings} />;
        }}
      </Answered>
    </section>
  );
}

const SORT_NAMES = {
  position: 'order of the set',
  outcome: 'outcome',
  longest: 'longest answer',
  difference: 'length a − length b',
} as const;

/** @returns what an outcome is called, with the models' names */
export function outcomeNames([a, b]: readonly [a: string, b: string]): Readonly<Record<PairOutcome, string>> {
  return {
    a: `${a} preferred`,
    b: `${b} preferred`,
    tie: 'tie',
    flip: 'changes with the order',
    malformed: 'malformed',
    open: 'not judged',
  };
}

function Controls({ names, pairs }: { names: readonly [a: string, b: string]; pairs: readonly CellPair[] }) {
  const { route } = usePage();
  const change = useChange();
  const { outcome, search, sort } = pairChoice(route.settings);
  const { outcomes } = countPairs(pairs.filter(({ found }) => found));
  const words = outcomeNames(names);
  return (
    <form class="controls" onSubmit={(event) => event.preventDefault()}>
      <label>
        Outcome{' '}
        <select value={outcome} onChange={(event) => change({ outcome: event.currentTarget.value })}>
          <option value="">all</option>
          {OUTCOMES.map((name) => (
            <option key={name} value={name}>{`${words[name]} (${outcomes[name]})`}</option>
          ))}
        </select>
      </label>
      <label>
        Search{' '}
        <input
          type="search"
          value={search}
          onInput={(event) => change({ search: event.currentTarget.value })}
        />
      </label>
      <label>
        Sorted by{' '}
        <select value={sort} onChange={(event) => change({ sort: event.currentTarget.value })}>
          {SORTS.map((name) => (
            <option key={name} value={name}>
              {SORT_NAMES[name]}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
