import type { QueryResult } from '../../../store/query-result.ts';
import { csvText } from '../../../terminal/csv-text.ts';
import type { CellValue } from '../../../terminal/rows.ts';
import { count, shortNumber } from '../../content/number-text.ts';
import { download } from '../../parts/save/download.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { Excerpt } from '../../parts/shown-text.tsx';

/** Rows that are drawn; the download has all. */
const SHOWN = 500;

export function ResultTable({ result: { columns, rows } }: { result: QueryResult }) {
  const shown = rows.slice(0, SHOWN);
  return (
    <section aria-label="Result">
      <p role="status">
        {count(rows.length)} rows{rows.length > SHOWN && `, the first ${SHOWN} are shown`}{' '}
        <button
          type="button"
          onClick={() => download('result.csv', new Blob([csvText({ columns, rows })], { type: 'text/csv' }))}
        >
          Download CSV
        </button>
      </p>
      <Scroll label="Rows">
        <table class="plain">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={index}>
                {row.map((value, column) => (
                  <Value key={columns[column]} value={value} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

/** Characters of a value that a table shows. */
const VALUE = 400;

/** A fraction is rounded; all its digits show under the pointer, and stand in the download. */
function Value({ value }: { value: CellValue }) {
  if (typeof value === 'number')
    return (
      <td class="number" title={String(value)}>
        {shortNumber(value)}
      </td>
    );
  if (value === null)
    return (
      <td>
        <span class="muted">NULL</span>
      </td>
    );
  const text = value instanceof Uint8Array ? `${value.length} bytes` : String(value);
  return (
    <td>
      <Excerpt text={text.slice(0, VALUE)} length={text.length} />
    </td>
  );
}
