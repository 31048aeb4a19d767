import { useRef, useState } from 'preact/hooks';
import type { Figure, Panel } from '../../../figures/chart/figure.ts';
import { csvText } from '../../../terminal/csv-text.ts';
import type { Rows } from '../../../terminal/rows.ts';
import { download, fileName } from './download.ts';
import { onePanel, pngOf, svgOf } from './saved-picture.ts';

interface SaveMenuProps {
  readonly figure: Figure;
  readonly panel: Panel;
  readonly hidden?: ReadonlySet<string>;
  readonly rows: () => Rows;
}

const NONE: ReadonlySet<string> = new Set();

/** A chart or matrix as a picture, and its numbers. */
export function SaveMenu({ figure, panel, hidden = NONE, rows }: SaveMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [problem, setProblem] = useState<string>();
  const title = panel.title || figure.title;
  const files = {
    PNG: () => pngOf(onePanel(figure, panel, hidden)),
    SVG: async () => svgOf(onePanel(figure, panel, hidden)),
    CSV: async () => new Blob([csvText(rows())], { type: 'text/csv' }),
  };
  const save = async (kind: keyof typeof files) => {
    setProblem(undefined);
    download(`${fileName(title)}.${kind.toLowerCase()}`, await files[kind]());
    menu.current!.open = false;
  };
  return (
    <details class="save" ref={menu}>
      <summary aria-label={`Save ${title}`}>Save</summary>
      <div>
        {(Object.keys(files) as (keyof typeof files)[]).map((kind) => (
          <button
            key={kind}
            type="button"
            onClick={() => void save(kind).catch((error: Error) => setProblem(error.message))}
          >
            {kind}
          </button>
        ))}
        {problem !== undefined && <p role="alert">{problem}</p>}
      </div>
    </details>
  );
}
