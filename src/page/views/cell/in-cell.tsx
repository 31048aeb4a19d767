import type { ComponentChildren } from 'preact';
import type { RunHead } from '../../../store/read/run-head.ts';
import { cellAddress } from '../../address.ts';
import { Ready } from '../../parts/query-state.tsx';
import type { CellAddress } from '../../queries/cell-query.ts';
import { useHead, useLink, usePage, useRun } from '../../state.ts';

/** Passes the cell of the address to `children`; shows a message where the run has no such cell. */
export function InCell({ children }: { children: (head: RunHead, cell: CellAddress) => ComponentChildren }) {
  const { route } = usePage();
  const head = useHead('first', useRun());
  return (
    <Ready state={head}>
      {(found) => {
        const cell = found && cellAddress(found, route.settings);
        return found && cell ? children(found, cell) : <NoSuchCell />;
      }}
    </Ready>
  );
}

function NoSuchCell() {
  const link = useLink();
  return (
    <>
      <h1>No such cell</h1>
      <p>
        The run has no cell of this address. <a href={link('overview')}>All cells</a>
      </p>
    </>
  );
}
