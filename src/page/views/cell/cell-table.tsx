import { type LabelledPair, outcomeNames, outcomeOf } from '../../content/pair/pairs.ts';
import { RowTable } from '../../parts/lists/row-table.tsx';
import { RightMark } from '../../parts/right-mark.tsx';
import { Excerpt } from '../../parts/shown-text.tsx';
import type { Settings } from '../../route.ts';
import { useLink } from '../../state.ts';

interface PairTableProps {
  readonly pairs: readonly LabelledPair[];
  readonly total: number;
  readonly names: readonly [a: string, b: string];
  /** Address of the cell, to be completed by an instruction. */
  readonly settings: Settings;
}

export function PairTable({ pairs, total, names, settings }: PairTableProps) {
  const words = outcomeNames(names);
  const link = useLink();
  return (
    <>
      <p role="status">
        {pairs.length} of {total} pairs
      </p>
      <RowTable
        label="Pairs"
        columns={['Instruction', ...names, 'Outcome']}
        rows={pairs}
        keyOf={({ instructionId }) => instructionId}
      >
        {(pair) => (
          <>
            <td>
              {pair.isMarked && <Marked />}
              <a href={link('pair', { ...settings, instruction: pair.instructionId })}>
                <Excerpt text={pair.instruction} />
              </a>{' '}
              {pair.input !== '' && <Excerpt text={pair.input} />}
            </td>
            <td>
              <RightMark correct={pair.correctA} />
              <Excerpt text={pair.textA} length={pair.lengthA} />
            </td>
            <td>
              <RightMark correct={pair.correctB} />
              <Excerpt text={pair.textB} length={pair.lengthB} />
            </td>
            <td>{words[outcomeOf(pair)]}</td>
          </>
        )}
      </RowTable>
    </>
  );
}

function Marked() {
  return (
    <>
      <span role="img" aria-label="starred or with a note" title="starred or with a note">
        ★
      </span>{' '}
    </>
  );
}
