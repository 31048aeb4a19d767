/** The numbers behind a chart or a matrix as a table. Pure. */
import type { BarConfig, HeatmapConfig, LineConfig, LinePoint, Panel } from '../../figures/chart/figure.ts';
import type { CellValue, Rows } from '../../terminal/rows.ts';

/** What a matrix's cell has beside its number, by column. */
export type CellColumns = Readonly<Record<string, CellValue>>;

/**
 * One row for each point, bar or cell; ends of intervals and n where the chart has them.
 * @param hidden lines that are not shown are not in the table either
 */
export function chartRows({ config }: Panel, hidden: ReadonlySet<string> = new Set()): Rows {
  if (config.type === 'line') return lineRows(config as LineConfig, hidden);
  return barRows(config as BarConfig, hidden);
}

/** @param columnsOf all that is known of a cell; nothing where it has no number */
export function matrixRows(
  { config }: Panel,
  columnsOf: (exitA: number, exitB: number) => CellColumns | undefined,
): Rows {
  const cells = (config as HeatmapConfig).data.datasets[0]!.data.map(({ x, y, v }) => ({
    ...{ exit_a: Number(y), exit_b: Number(x), value: v },
    ...columnsOf(Number(y), Number(x)),
  }));
  return rowsOf(cells);
}

function lineRows({ data }: LineConfig, hidden: ReadonlySet<string>): Rows {
  return rowsOf(
    data.datasets.flatMap(({ label = '', data: points }) =>
      hidden.has(label) ? [] : points.flatMap((point) => (point.y === null ? [] : [lineRow(label, point)])),
    ),
  );
}

function lineRow(line: string, { x, y, low, high, detail }: LinePoint) {
  return {
    ...{ line, x, y },
    ...(typeof low === 'number' && { low }),
    ...(typeof high === 'number' && { high }),
    ...(detail !== undefined && { shown: detail }),
  };
}

function barRows({ data }: BarConfig, hidden: ReadonlySet<string>): Rows {
  const bars = data.datasets.flatMap(({ label = '', data: values }) =>
    hidden.has(label)
      ? []
      : values.map((value, index) => ({ bar: data.labels?.[index] ?? '', part: label, value })),
  );
  return rowsOf(bars);
}

/** Columns in the order in which they first occur. */
function rowsOf(records: readonly CellColumns[]): Rows {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { columns, rows: records.map((record) => columns.map((column) => record[column] ?? null)) };
}
