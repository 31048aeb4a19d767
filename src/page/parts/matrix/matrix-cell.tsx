import type { HeatmapPoint } from '../../../figures/chart/figure.ts';
import type { CellColumns } from '../../content/chart-data.ts';
import { paint } from './color-bar.tsx';

export interface MatrixCell {
  /** All its numbers, with "; " between them. */
  readonly detail: string;
  /** The same for a program, by column. */
  readonly columns: CellColumns;
  /** Not significant: drawn with a dashed border. */
  readonly isFaint: boolean;
  /** How many instructions the number is of, where cells differ in it: stands under the number. */
  readonly n?: number | undefined;
  /** Where a click leads. */
  readonly href?: string | undefined;
}

/** The cell under the pointer or with the focus. */
export interface PointedCell {
  readonly point: HeatmapPoint;
  readonly detail: string;
  readonly element: HTMLElement;
}

interface CellProps {
  readonly point: HeatmapPoint;
  readonly cell: MatrixCell | undefined;
  readonly isFirst: boolean;
  /** Whether its row or its column is that of the pointed cell. */
  readonly isInCross: boolean;
  readonly onPoint: (pointed: PointedCell | undefined) => void;
}

export function Cell({ point, cell, isFirst, isInCross, onPoint }: CellProps) {
  const cross = isInCross ? 'cross' : '';
  if (cell === undefined || point.v === null) return <td class={`missing ${cross}`}>{point.text}</td>;
  const show = (event: Event) =>
    onPoint({ point, detail: cell.detail, element: event.currentTarget as HTMLElement });
  const shared = {
    ...{
      style: paint(point.fill),
      'aria-label': `${point.text}. ${cell.detail}`,
      tabIndex: isFirst ? 0 : -1,
    },
    ...{ onMouseEnter: show, onFocus: show },
    ...{ onMouseLeave: () => onPoint(undefined), onBlur: () => onPoint(undefined) },
  };
  return (
    <td class={`${cell.isFaint ? 'faint' : ''} ${cross}`}>
      <a href={cell.href ?? '#/compare'} {...shared}>
        {point.text}
        {cell.n !== undefined && <small>n {cell.n}</small>}
      </a>
    </td>
  );
}
