import { useMemo } from 'preact/hooks';
import { labelledPairs, type PairLabels } from '../../content/pair/labelled-pairs.ts';
import type { LabelledPair } from '../../content/pair/pairs.ts';
import { useNotes } from '../../pair-notes.ts';
import { type CellAddress, cellPairsRead } from '../../queries/cell-query.ts';
import { categoriesRead, pairContentsRead, pairLooksRead } from '../../queries/pair-labels-query.ts';
import { type QueryState, useRead, useReads } from '../../state.ts';

const NOTHING_YET: PairLabels = { categories: [], looks: [], contents: [] };

/** The pairs of a cell, as soon as they are there; what else is known of them follows. */
export function usePairs(cell: CellAddress, search: string): QueryState<readonly LabelledPair[]> {
  const pairs = useRead('first', cellPairsRead(cell, search));
  const reads = {
    categories: categoriesRead(cell.run),
    looks: pairLooksRead(cell),
    contents: pairContentsRead(cell),
  };
  const labels = useReads('first', reads).result ?? NOTHING_YET;
  const notes = useNotes();
  const { result } = pairs;
  const labelled = useMemo(() => result && labelledPairs(result, labels, notes), [result, labels, notes]);
  return { ...pairs, result: labelled };
}
