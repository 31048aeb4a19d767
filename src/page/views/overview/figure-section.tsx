import { useMemo, useState } from 'preact/hooks';
import type { Figure } from '../../../figures/chart/figure.ts';
import type { FigureChoice, RowSets, RunFigure } from '../../../figures/run/run-figure.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { ChartPanel } from '../../parts/chart.tsx';
import { Notes } from '../../parts/notes.tsx';
import { QueryLinks } from '../../parts/query-link.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { useReads } from '../../state.ts';

interface FigureSectionProps {
  readonly figure: RunFigure;
  readonly head: RunHead;
  readonly choice: FigureChoice;
}

/** A figure of the list as charts that answer to the pointer, with the queries behind it. */
export function FigureSection({ figure, head, choice }: FigureSectionProps) {
  const reads = figure.reads(head, choice);
  return (
    <section aria-labelledby={figure.name}>
      <h2 id={figure.name}>{figure.title}</h2>
      <Ready state={useReads('first', reads)}>
        {(rows) => <Drawn figure={figure} head={head} choice={choice} rows={rows} />}
      </Ready>
    </section>
  );
}

function Drawn({ figure, head, choice, rows }: FigureSectionProps & { readonly rows: RowSets }) {
  const drawn = useMemo(() => figure.draw(head, rows, choice), [figure, head, rows, choice.policy]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  if (drawn === undefined) return <p>{figure.missing}</p>;
  const toggle = (label: string) => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    setHidden(next);
  };
  return (
    <>
      {figure.switches !== undefined && (
        <LineSwitches legend={figure.switches} figure={drawn} hidden={hidden} toggle={toggle} />
      )}
      <div class="panels">
        {drawn.panels.map((panel) => (
          <ChartPanel key={panel.title} figure={drawn} panel={panel} alt={figure.alt} hidden={hidden} />
        ))}
      </div>
      <Notes paragraphs={drawn.footer} />
      {figure.notes !== undefined && <FigureNotes figure={figure} head={head} choice={choice} />}
      <QueryLinks reads={figure.reads(head, choice)} />
    </>
  );
}

/** The paragraphs that take more reading than the figure. */
export function FigureNotes({ figure: { notes }, head, choice }: FigureSectionProps) {
  const state = useReads('first', notes?.reads(head) ?? {});
  return (
    <Ready state={state}>
      {(rows) => <Notes paragraphs={notes?.paragraphs(head, rows, choice) ?? []} />}
    </Ready>
  );
}

interface LineSwitchesProps {
  readonly legend: string;
  readonly figure: Figure;
  readonly hidden: ReadonlySet<string>;
  readonly toggle: (label: string) => void;
}

/** Shows and hides lines of one label in all charts. */
function LineSwitches({ legend, figure, hidden, toggle }: LineSwitchesProps) {
  const labels = figure.panels.flatMap(({ config }) => config.data.datasets.map(({ label }) => label ?? ''));
  return (
    <fieldset class="switches">
      <legend>{legend}</legend>
      {[...new Set(labels)].map((label) => (
        <label key={label}>
          <input type="checkbox" checked={!hidden.has(label)} onChange={() => toggle(label)} /> {label}
        </label>
      ))}
    </fieldset>
  );
}
