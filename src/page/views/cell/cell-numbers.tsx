import { ORDERS } from '../../../core/domain.ts';
import { degenerateWinsRead } from '../../../store/read/degeneration-reads.ts';
import {
  cellAgreementRead,
  cellOrdersRead,
  type LengthBias,
  lengthBiasRead,
  type OrderCounts,
  type PositionBias,
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
    length: lengthBiasRead(cell),
    agreement: cellAgreementRead(cell),
  };
  return (
    <>
      <Ready state={useReads('first', reads)}>
        {({ orders, bias: [bias], length: [length], agreement: [agreement] }) => {
          const { decidable, agreeing } = agreement!;
          return (
            <>
              <OrderTable orders={orders} names={names} />
              <p>{biasText(bias)}</p>
              <p>{lengthText(length)}</p>
              {decidable > 0 && (
                <p>
                  Of {decidable} verdicts where just one answer is right, {percent(agreeing / decidable)}{' '}
                  prefer it.
                </p>
              )}
            </>
          );
        }}
      </Ready>
      <DegenerateLine cell={cell} />
    </>
  );
}

function biasText(bias: PositionBias | undefined): string {
  if (bias === undefined || bias.readPairs === 0) return 'Flip rate: no pair has two readable verdicts.';
  const { readPairs, flips, decisiveVerdicts, firstSlots } = bias;
  const first =
    decisiveVerdicts === 0
      ? ''
      : ` First-slot share: ${percent(firstSlots / decisiveVerdicts)} of ${decisiveVerdicts} verdicts that name a slot.`;
  return `Flip rate: ${percent(flips / readPairs)} (${flips} of ${readPairs} pairs change with the order).${first}`;
}

function lengthText(length: LengthBias | undefined): string {
  const { longer, shorter, equal } = length ?? { longer: 0, shorter: 0, equal: 0 };
  const total = longer + shorter;
  const ofEqual = equal === 0 ? '' : ` ${equal} prefer one of two answers of equal length.`;
  if (total === 0) return `Longer answer preferred: no verdict prefers one of unequal length.${ofEqual}`;
  return `Longer answer preferred: ${percent(longer / total)} of ${total} verdicts that prefer one of unequal length, in characters.${ofEqual}`;
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
