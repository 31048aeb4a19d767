import type { CellCounts } from '../pairs.ts';
import { percent } from '../parts/number-text.ts';
import { Scroll } from '../parts/scroll.tsx';
import type { CellAddress } from '../queries/cell-query.ts';
import { useAsk } from '../state.ts';

interface CellNumbersProps {
  readonly counts: CellCounts;
  readonly cell: CellAddress;
  readonly names: readonly [a: string, b: string];
}

/** What a cell's verdicts say in each order, and how far they can be trusted. */
export function CellNumbers({ counts, cell, names }: CellNumbersProps) {
  const { readPairs, flips, decidable, agreeing } = counts;
  return (
    <>
      <OrderTable counts={counts} names={names} />
      <p>
        Flip rate: {readPairs === 0 ? 'no pair has two readable verdicts' : percent(flips / readPairs)}
        {readPairs > 0 && ` (${flips} of ${readPairs} pairs change with the order)`}.
        {decidable > 0 &&
          ` Of ${decidable} verdicts where just one answer is right, ${percent(agreeing / decidable)} prefer it.`}
      </p>
      <DegenerateLine cell={cell} />
    </>
  );
}

function OrderTable({ counts: { orders }, names }: Pick<CellNumbersProps, 'counts' | 'names'>) {
  return (
    <Scroll label="Verdicts by order">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Wins</th>
            <th scope="col">Losses</th>
            <th scope="col">Ties</th>
            <th scope="col">Malformed</th>
          </tr>
        </thead>
        <tbody>
          {(['ab', 'ba'] as const).map((order, index) => (
            <tr key={order}>
              <th scope="row">{names[index]} first</th>
              <td>{orders[order].a}</td>
              <td>{orders[order].b}</td>
              <td>{orders[order].tie}</td>
              <td>{orders[order].malformed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The paper says that its judge sometimes prefers gibberish; here is how often that may have happened. */
function DegenerateLine({ cell }: { cell: CellAddress }) {
  const { run, comparison, exitA, exitB } = cell;
  const { answer } = useAsk('first', 'degenerateWins', { run, comparison, exitA, exitB });
  if (answer === undefined || answer.wins === 0) return null;
  const { wins, degenerateWins, overOrdinary, emptyWins } = answer;
  return (
    <p>
      Of {wins} verdicts that prefer an answer, {percent(degenerateWins / wins)} prefer one that looks
      degenerate (repetitive or unlikely): {degenerateWins}, of them {overOrdinary} over an ordinary one;{' '}
      {emptyWins} prefer an empty answer.
    </p>
  );
}
