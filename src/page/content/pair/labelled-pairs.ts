/** What is known of a cell's pairs beyond their texts and verdicts, put together. Pure. */
import type { PairCategory, PairContent, PairLooks } from '../../queries/pair-labels-query.ts';
import { noteKey, type PairNote } from './pair-note.ts';
import type { CellPair, LabelledPair } from './pairs.ts';

export interface PairLabels {
  readonly categories: readonly PairCategory[];
  readonly looks: readonly PairLooks[];
  readonly contents: readonly PairContent[];
}

/** @param notes by their keys */
export function labelledPairs(
  pairs: readonly CellPair[],
  { categories, looks, contents }: PairLabels,
  notes: ReadonlyMap<string, PairNote>,
): LabelledPair[] {
  const categoryOf = byInstruction(categories);
  const looksOf = byInstruction(looks);
  const contentOf = byInstruction(contents);
  return pairs.map((pair) => {
    const content = contentOf.get(pair.instructionId);
    return {
      ...pair,
      category: categoryOf.get(pair.instructionId)?.category ?? null,
      looksA: looksOf.get(pair.instructionId)?.looksA ?? null,
      looksB: looksOf.get(pair.instructionId)?.looksB ?? null,
      isMarked: content !== undefined && notes.has(noteKey(content)),
    };
  });
}

function byInstruction<Row extends { readonly instructionId: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.instructionId, row]));
}
