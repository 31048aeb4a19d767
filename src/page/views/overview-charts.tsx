import { useMemo, useState } from 'preact/hooks';
import type { Figure } from '../../figures/chart/figure.ts';
import { klFigure, memoryFigure, qualitySpeedFigure } from '../../figures/run/run-figures.ts';
import type { StoredKlPoint } from '../../store/read/kl-points.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { Quality, SpeedRecord } from '../../store/tables/speed-table.ts';
import { ChartPanel } from '../parts/chart.tsx';
import { QueryLink } from '../parts/query-link.tsx';
import { Answered } from '../parts/query-state.tsx';
import { klQuery, memoryQuery, qualitySpeedQuery } from '../queries/shown-queries.ts';
import { useAsk } from '../state.ts';

export function KlSection({ head }: { head: RunHead }) {
  const points = useAsk('first', 'kl', head.run);
  return (
    <section aria-labelledby="kl">
      <h2 id="kl">KL divergence by output position</h2>
      <Answered asked={points}>{(found) => <KlCharts head={head} points={found} />}</Answered>
    </section>
  );
}

function KlCharts({ head, points }: { head: RunHead; points: readonly StoredKlPoint[] }) {
  const figure = useMemo(() => klFigure(head, points), [head, points]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  if (figure === undefined) return <p>No divergence was measured.</p>;
  const labels = [...new Set(figure.panels.flatMap(({ config }) => config.data.datasets.map(labelOfLine)))];
  const toggle = (label: string) => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    setHidden(next);
  };
  return (
    <>
      <fieldset class="switches">
        <legend>Exits shown</legend>
        {labels.map((label) => (
          <label key={label}>
            <input type="checkbox" checked={!hidden.has(label)} onChange={() => toggle(label)} /> {label}
          </label>
        ))}
      </fieldset>
      <FigurePanels figure={figure} hidden={hidden} sql={klQuery(head.run)} />
    </>
  );
}

const labelOfLine = ({ label }: { label?: string | undefined }) => label ?? '';

export function QualitySpeedSection({ head }: { head: RunHead }) {
  const quality = useAsk('first', 'quality', head.run);
  const speed = useAsk('first', 'speed', head.run);
  return (
    <section aria-labelledby="quality-speed">
      <h2 id="quality-speed">Quality against speed</h2>
      <Answered asked={quality}>
        {(right) => (
          <Answered asked={speed}>
            {(fast) => <QualitySpeedCharts head={head} quality={right} speed={fast} />}
          </Answered>
        )}
      </Answered>
    </section>
  );
}

interface QualitySpeedProps {
  readonly head: RunHead;
  readonly quality: readonly Quality[];
  readonly speed: readonly SpeedRecord[];
}

function QualitySpeedCharts({ head, quality, speed }: QualitySpeedProps) {
  const figure = useMemo(() => qualitySpeedFigure(head, quality, speed), [head, quality, speed]);
  if (figure === undefined) return <p>Neither was measured.</p>;
  return <FigurePanels figure={figure} sql={qualitySpeedQuery(head.run, head.speedBatchSize)} />;
}

export function MemorySection({ head }: { head: RunHead }) {
  const figure = useMemo(() => memoryFigure(head), [head]);
  return (
    <section aria-labelledby="memory">
      <h2 id="memory">Memory</h2>
      {figure === undefined ? (
        <p>The models' sizes are not known.</p>
      ) : (
        <FigurePanels figure={figure} sql={memoryQuery(head.run)} />
      )}
    </section>
  );
}

interface FigurePanelsProps {
  readonly figure: Figure;
  readonly sql: string;
  readonly hidden?: ReadonlySet<string>;
}

function FigurePanels({ figure, sql, hidden }: FigurePanelsProps) {
  return (
    <>
      <div class="panels">
        {figure.panels.map((panel) => (
          <ChartPanel key={panel.title} panel={panel} {...(hidden && { hidden })} />
        ))}
      </div>
      <ul class="notes">
        {figure.footer.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <QueryLink sql={sql} />
    </>
  );
}
