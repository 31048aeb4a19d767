import type { ComponentChildren } from 'preact';
import { Scroll } from '../scroll.tsx';
import { useRowWindow } from './row-window.ts';

interface RowTableProps<Row> {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The cells of a row. */
  readonly children: (row: Row) => ComponentChildren;
}

/** A table of any length of which only the rows in the window are drawn; screen readers are told the place of each. */
export function RowTable<Row>({ label, columns, rows, keyOf, children }: RowTableProps<Row>) {
  const {
    rows: drawn,
    abovePx,
    belowPx,
    body,
    rowRef,
  } = useRowWindow(rows.length, (index) => keyOf(rows[index]!));
  return (
    <Scroll label={label}>
      <table class="plain rows" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Spacer heightPx={abovePx} columns={columns.length} />
          {drawn.map(({ index, key }) => (
            <tr key={key} ref={rowRef} data-index={index} aria-rowindex={index + 2}>
              {children(rows[index]!)}
            </tr>
          ))}
          <Spacer heightPx={belowPx} columns={columns.length} />
        </tbody>
      </table>
    </Scroll>
  );
}

/** What stands in place of rows that are not drawn. */
function Spacer({ heightPx, columns }: { heightPx: number; columns: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr class="spacer">
      <td colSpan={columns} style={{ height: `${heightPx}px` }} />
    </tr>
  );
}
