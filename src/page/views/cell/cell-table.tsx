import { useState } from 'preact/hooks';
import { type CellPair, outcomeNames, outcomeOf } from '../../content/pairs.ts';
import { RightMark } from '../../parts/right-mark.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { Excerpt } from '../../parts/shown-text.tsx';
import type { Settings } from '../../route.ts';
import { useLink } from '../../state.ts';

interface PairTableProps {
  readonly pairs: readonly CellPair[];
  readonly total: number;
  readonly names: readonly [a: string, b: string];
  /** Address of the cell, to be completed by an instruction. */
  readonly settings: Settings;
}

/** Rows that are drawn at first. */
const FIRST = 200;

export function PairTable({ pairs, total, names, settings }: PairTableProps) {
  const [isWhole, setWhole] = useState(false);
  const words = outcomeNames(names);
  const link = useLink();
  return (
    <>
      <p role="status">
        {pairs.length} of {total} pairs
      </p>
      <Scroll label="Pairs">
        <table class="plain pairs">
          <thead>
            <tr>
              <th scope="col">Instruction</th>
              <th scope="col">{names[0]}</th>
              <th scope="col">{names[1]}</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {(isWhole ? pairs : pairs.slice(0, FIRST)).map((pair) => (
              <tr key={pair.instructionId}>
                <td>
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
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {!isWhole && pairs.length > FIRST && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {pairs.length}
        </button>
      )}
    </>
  );
}
