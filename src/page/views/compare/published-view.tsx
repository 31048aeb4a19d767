import { cells, name } from 'virtual:published-cells';
import { Ready } from '../../parts/query-state.tsx';
import { useHead, useRun } from '../../state.ts';
import { PublishedDifferences } from './published-cells.tsx';

/** This run beside the paper's cells. */
export function PublishedView() {
  const state = useHead('first', useRun());
  return (
    <>
      <h1>Against the paper</h1>
      <Ready state={state}>
        {(head) => head && <PublishedDifferences head={head} cells={cells} source={name} />}
      </Ready>
    </>
  );
}
