import { ORDERS } from '../../../core/domain.ts';
import { degenerateWinsRead } from '../../../store/read/degeneration-reads.ts';
import {
  cellAgreementRead,
  cellOrdersRead,
  type OrderCounts,
  positionBiasRead,
} from '../../../store/read/judge-reads.ts';
import { percent } from '../../content/number-text.ts';
import { Ready } from '../../parts/query-state.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import type { CellAddress } from '../../queries/cell-query.ts';
import { useRead, useReads } from '../../state.ts';

interface CellNumbersProps {
  readonly cell: CellAddress;
  readonly names: readonly [a: string, b: string];
}

/** A cell's verdicts in each order, and how far they can be trusted. */
export function CellNumbers({ cell, names }: CellNumbersProps) {
  const reads = {
    orders: cellOrdersRead(cell),
    bias: positionBiasRead(cell),
    agreement: cellAgreementRead(cell),
  };
  return (
    <>
      <Ready state={useReads('first', reads)}>
        {({ orders, bias: [bias], agreement: [agreement] }) => {
          const { readPairs, flips } = bias ?? { readPairs: 0, flips: 0 };
          const { decidable, agreeing } = agreement!;
          return (
            <>
              <OrderTable orders={orders} names={names} />
              <p>
                Flip rate:{' '}
                {readPairs === 0 ? 'no pair has two readable verdicts' : percent(flips / readPairs)}
                {readPairs > 0 && ` (${flips} of ${readPairs} pairs change with the order)`}.
                {decidable > 0 &&
                  ` Of ${decidable} verdicts where just one answer is right, ${percent(agreeing / decidable)} prefer it.`}
              </p>
            </>
          );
        }}
      </Ready>
      <DegenerateLine cell={cell} />
    </>
  );
}

interface OrderTableProps {
  readonly orders: readonly OrderCounts[];
  readonly names: readonly [a: string, b: string];
}

function OrderTable({ orders, names }: OrderTableProps) {
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
          {ORDERS.map((order, index) => {
            const counts = orders.find((row) => row.order === order);
            return (
              <tr key={order}>
                <th scope="row">{names[index]} first</th>
                <td>{counts?.wins ?? 0}</td>
                <td>{counts?.losses ?? 0}</td>
                <td>{counts?.ties ?? 0}</td>
                <td>{counts?.malformed ?? 0}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The paper reports that its judge sometimes prefers gibberish: here is how often that may have happened. */
function DegenerateLine({ cell }: { cell: CellAddress }) {
  const [counts] = useRead('first', degenerateWinsRead(cell)).result ?? [];
  if (counts === undefined || counts.wins === 0) return null;
  const { wins, degenerate, overOrdinary, empty } = counts;
  return (
    <p>
      Of {wins} verdicts that prefer an answer, {percent(degenerate / wins)} prefer one that looks degenerate
      (repetitive or unlikely): {degenerate}, of them {overOrdinary} over an ordinary one; {empty} prefer an
      empty answer.
    </p>
  );
}
