/** What the page shows of a cell under the pointer. */
import type { CellScore } from '../../store/tables/score-table.ts';
import type { CellColumns } from './chart-data.ts';
import { half, probability, score } from './number-text.ts';

export function scoreDetail(cell: CellScore, modelA: string, modelB: string): string {
  const { exitA, exitB, ciLow, ciHigh, pValue, pHolm, wins, losses, ties, malformed, total } = cell;
  return [
    `${modelA} exit ${exitA} against ${modelB} exit ${exitB}: Score ${score(cell.score)}`,
    ...(ciLow === null || ciHigh === null ? [] : [`95 % interval ${score(ciLow)} to ${score(ciHigh)}`]),
    ...(pValue === null ? [] : [`p ${probability(pValue)}`]),
    ...(pHolm === null ? [] : [`corrected p ${probability(pHolm)}`]),
    `wins ${half(wins)}, losses ${half(losses)}, ties ${half(ties)}, malformed ${half(malformed)}`,
    `n ${half(total)}`,
  ].join('; ');
}

/** The same for a program. */
export function scoreColumns(cell: CellScore): CellColumns {
  const { policy, wins, losses, ties, malformed, total, ciLow, ciHigh, pValue, pHolm } = cell;
  return {
    ...{ score: cell.score, ci_low: ciLow, ci_high: ciHigh, p_value: pValue, p_holm: pHolm },
    ...{ policy, wins, losses, ties, malformed, total },
  };
}
