import { useState } from 'preact/hooks';
import type { Figure, HeatmapConfig, HeatmapPoint, Panel } from '../../../figures/chart/figure.ts';
import type { HeatmapScale } from '../../../figures/heatmap/heatmap-types.ts';
import { matrixRows } from '../../content/chart-data.ts';
import { SaveMenu } from '../save/save-menu.tsx';
import { ColorBar } from './color-bar.tsx';
import { Cell, type MatrixCell, type PointedCell } from './matrix-cell.tsx';
import { MatrixTip } from './matrix-tip.tsx';

export interface MatrixProps {
  readonly figure: Figure;
  /** One of its heatmaps: numbers, colors and inks. */
  readonly panel: Panel;
  /** What its colors mean. */
  readonly scale: HeatmapScale;
  readonly modelA: string;
  readonly modelB: string;
  readonly cellOf: (exitA: number, exitB: number) => MatrixCell | undefined;
}

/** A matrix of exits to be read by eye, mouse, keyboard and screen reader; the pointed cell marks its row and column. */
export function Matrix({ figure, panel, scale, modelA, modelB, cellOf }: MatrixProps) {
  const [pointed, setPointed] = useState<PointedCell>();
  const [last, setLast] = useState('');
  const point = (now: PointedCell | undefined) => {
    setPointed(now);
    if (now !== undefined) setLast(now.detail);
  };
  const rows = rowsOf(pointsOf(panel));
  return (
    <figure class={`matrix ${rows[0]!.length > MANY ? 'fine' : ''}`}>
      <figcaption>
        {panel.title}{' '}
        <SaveMenu
          figure={figure}
          panel={panel}
          rows={() => matrixRows(panel, (exitA, exitB) => cellOf(exitA, exitB)?.columns)}
        />
      </figcaption>
      <div class="scroll with-bar">
        <table onKeyDown={moveByArrows}>
          <caption class="hidden">{`${panel.title}: rows are exits of ${modelA}, columns exits of ${modelB}`}</caption>
          <Head exits={rows[0]!.map(({ x }) => x)} modelA={modelA} modelB={modelB} pointed={pointed} />
          <tbody>
            {rows.map((row, index) => (
              <tr key={row[0]!.y}>
                <th scope="row" class={pointed?.point.y === row[0]!.y ? 'cross' : undefined}>
                  {row[0]!.y}
                </th>
                {row.map((shown, column) => (
                  <Cell
                    key={shown.x}
                    point={shown}
                    cell={cellOf(Number(shown.y), Number(shown.x))}
                    isFirst={index === 0 && column === 0}
                    isInCross={isInCross(shown, pointed)}
                    onPoint={point}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <ColorBar scale={scale} />
      </div>
      {pointed !== undefined && <MatrixTip pointed={pointed} onLeave={() => setPointed(undefined)} />}
      <p class="detail">
        {last || (
          <>
            Point at a cell<span class="keys">, or reach it by the arrow keys,</span> for its numbers.
          </>
        )}
      </p>
    </figure>
  );
}

/** A matrix with more columns has smaller letters. */
const MANY = 9;

function isInCross({ x, y }: HeatmapPoint, pointed: PointedCell | undefined): boolean {
  return pointed !== undefined && (pointed.point.x === x || pointed.point.y === y);
}

interface HeadProps {
  readonly exits: readonly string[];
  readonly modelA: string;
  readonly modelB: string;
  readonly pointed: PointedCell | undefined;
}

function Head({ exits, modelA, modelB, pointed }: HeadProps) {
  return (
    <thead>
      <tr>
        <th scope="col" class="corner">
          {modelA} ↓<br />
          {modelB} →
        </th>
        {exits.map((exit) => (
          <th key={exit} scope="col" class={pointed?.point.x === exit ? 'cross' : undefined}>
            {exit}
          </th>
        ))}
      </tr>
    </thead>
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
