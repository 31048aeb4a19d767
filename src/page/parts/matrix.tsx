import { useState } from 'preact/hooks';
import type { HeatmapConfig, HeatmapPoint, Panel } from '../../figures/chart/figure.ts';
import type { HeatmapScale } from '../../figures/heatmap/heatmap-types.ts';
import { ColorBar, paint } from './color-bar.tsx';

export interface MatrixCell {
  /** All its numbers, in a line. */
  readonly detail: string;
  /** Not significant: drawn with a dashed border. */
  readonly isFaint: boolean;
  /** How many instructions the number is of, where cells differ in it: stands under the number. */
  readonly n?: number | undefined;
  /** Where a click leads. */
  readonly href?: string | undefined;
}

export interface MatrixProps {
  /** A heatmap's panel: its numbers, colors and inks. */
  readonly panel: Panel;
  /** What its colors mean. */
  readonly scale: HeatmapScale;
  readonly modelA: string;
  readonly modelB: string;
  readonly cellOf: (exitA: number, exitB: number) => MatrixCell | undefined;
}

/** A matrix of exits to be read by eye, mouse, keyboard and screen reader. */
export function Matrix({ panel, scale, modelA, modelB, cellOf }: MatrixProps) {
  const [detail, setDetail] = useState('');
  const rows = rowsOf(pointsOf(panel));
  const columns = rows[0]!.map(({ x }) => x);
  return (
    <figure class="matrix">
      <figcaption>{panel.title}</figcaption>
      <div class="scroll with-bar">
        <table onKeyDown={moveByArrows}>
          <caption class="hidden">{`${panel.title}: rows are exits of ${modelA}, columns exits of ${modelB}`}</caption>
          <thead>
            <tr>
              <th scope="col" class="corner">
                {modelA} ↓<br />
                {modelB} →
              </th>
              {columns.map((exit) => (
                <th key={exit} scope="col">
                  {exit}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={row[0]!.y}>
                <th scope="row">{row[0]!.y}</th>
                {row.map((point, column) => (
                  <Cell
                    key={point.x}
                    point={point}
                    cell={cellOf(Number(point.y), Number(point.x))}
                    isFirst={index === 0 && column === 0}
                    onShow={setDetail}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <ColorBar scale={scale} />
      </div>
      <p class="detail">{detail || 'Point at a cell, or reach it by the arrow keys, for its numbers.'}</p>
    </figure>
  );
}

interface CellProps {
  readonly point: HeatmapPoint;
  readonly cell: MatrixCell | undefined;
  readonly isFirst: boolean;
  readonly onShow: (detail: string) => void;
}

function Cell({ point, cell, isFirst, onShow }: CellProps) {
  if (cell === undefined || point.v === null) return <td class="missing">{point.text}</td>;
  const shared = {
    style: paint(point.fill),
    title: cell.detail,
    'aria-label': `${point.text}. ${cell.detail}`,
    tabIndex: isFirst ? 0 : -1,
    onMouseEnter: () => onShow(cell.detail),
    onFocus: () => onShow(cell.detail),
  };
  return (
    <td class={cell.isFaint ? 'faint' : undefined}>
      <a href={cell.href ?? '#/compare'} {...shared}>
        {point.text}
        {cell.n !== undefined && <small>n {cell.n}</small>}
      </a>
    </td>
  );
}

function pointsOf({ config }: Panel): readonly HeatmapPoint[] {
  return (config as HeatmapConfig).data.datasets[0]!.data;
}

/** Points come in reading order. */
function rowsOf(points: readonly HeatmapPoint[]): HeatmapPoint[][] {
  const rows: HeatmapPoint[][] = [];
  for (const point of points) {
    if (rows.at(-1)?.[0]?.y !== point.y) rows.push([]);
    rows.at(-1)!.push(point);
  }
  return rows;
}

const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** One stop for the tab key, and arrows within: 64 cells are not 64 stops. */
function moveByArrows(event: KeyboardEvent & { currentTarget: HTMLTableElement }): void {
  const step = STEPS[event.key];
  const cell = (event.target as HTMLElement).closest('td');
  if (step === undefined || cell === null) return;
  const row = cell.parentElement as HTMLTableRowElement;
  const next = event.currentTarget.rows[row.rowIndex + step[0]]?.cells[cell.cellIndex + step[1]];
  const link = next?.querySelector('a');
  if (!link) return;
  event.preventDefault();
  (event.target as HTMLElement).tabIndex = -1;
  link.tabIndex = 0;
  link.focus();
}
