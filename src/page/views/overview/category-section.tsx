import { colorAt } from '../../../figures/chart/palette.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import {
  type CategoryCell,
  type CategoryTable,
  scoreTables,
  shareTables,
} from '../../content/category-tables.ts';
import { ColorBar, paint } from '../../parts/matrix/color-bar.tsx';
import { QueryLinks } from '../../parts/query-link.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { categoryScoresRead, categorySharesRead } from '../../queries/category-query.ts';
import { useLink, useReads } from '../../state.ts';

/** Which skills survive at which depth; nothing where instructions have no categories. */
export function CategorySection({ head }: { head: RunHead }) {
  const reads = { shares: categorySharesRead(head.run), scores: categoryScoresRead(head.run) };
  const { result: found, problem } = useReads('first', reads);
  if (problem !== undefined) return <p role="alert">{problem}</p>;
  if (found === undefined) return null;
  const tables = [...scoreTables(head, found.scores), ...shareTables(head, found.shares)];
  if (tables.length === 0) return null;
  return (
    <section aria-labelledby="categories">
      <h2 id="categories">By category</h2>
      <p>
        Which skills survive at which depth: instructions by category, exits from left to right. Categories
        are small, so point at a cell for its interval before you lean on it.
      </p>
      <div class="panels">
        {tables.map((table) => (
          <Categories key={table.title} table={table} />
        ))}
      </div>
      <QueryLinks reads={reads} />
    </section>
  );
}

function Categories({ table }: { table: CategoryTable }) {
  const { title, scale, exits, rows } = table;
  return (
    <figure class="matrix categories">
      <figcaption>{title}</figcaption>
      <Scroll label={title}>
        <div class="with-bar">
          <table>
            <thead>
              <tr>
                <th scope="col">Category</th>
                <th scope="col">n</th>
                {exits.map((exit) => (
                  <th key={exit} scope="col">
                    {exit}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ category, n, cells }) => (
                <tr key={category}>
                  <th scope="row">{category}</th>
                  <td>{n}</td>
                  {exits.map((exit) => (
                    <Value
                      key={exit}
                      cell={cells.find((cell) => cell.exit === exit)}
                      table={table}
                      category={category}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <ColorBar scale={scale} />
        </div>
      </Scroll>
    </figure>
  );
}

interface ValueProps {
  readonly cell: CategoryCell | undefined;
  readonly table: CategoryTable;
  readonly category: string;
}

function Value({ cell, table: { scale, comparison }, category }: ValueProps) {
  const link = useLink();
  if (cell === undefined) return <td class="missing">–</td>;
  const place = (cell.value - scale.min) / (scale.max - scale.min);
  const style = paint(colorAt(scale.palette, place));
  if (cell.at === undefined || comparison === undefined)
    return (
      <td style={style} title={cell.detail}>
        {cell.text}
      </td>
    );
  const address = { comparison, a: String(cell.at.a), b: String(cell.at.b), category };
  return (
    <td>
      <a style={style} title={cell.detail} href={link('cell', address)}>
        {cell.text}
      </a>
    </td>
  );
}
