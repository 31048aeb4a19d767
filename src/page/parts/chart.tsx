import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';
import type { Panel, PanelConfig } from '../../figures/figure.ts';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement);
Chart.register(LogarithmicScale, PointElement, Tooltip);

/** A panel of a figure, drawn by the configuration that draws its PNG; as wide as there is room. */
export function ChartPanel({ panel, hidden = NONE }: { panel: Panel; hidden?: ReadonlySet<string> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart | null>(null);
  useEffect(() => {
    const drawn = new Chart(canvas.current!, responsive(panel.config) as never);
    chart.current = drawn;
    return () => drawn.destroy();
  }, [panel]);
  useEffect(() => {
    const drawn = chart.current!;
    for (const [index, { label }] of drawn.data.datasets.entries())
      drawn.setDatasetVisibility(index, !hidden.has(label ?? ''));
    drawn.update();
  }, [panel, hidden]);
  return (
    <figure class="paper">
      {panel.title !== '' && <figcaption>{panel.title}</figcaption>}
      <div class="chart" style={{ height: `${panel.heightPx}px` }}>
        <canvas ref={canvas} role="img" aria-label={panel.title || 'Chart'} />
      </div>
    </figure>
  );
}

const NONE: ReadonlySet<string> = new Set();

function responsive(config: PanelConfig): PanelConfig {
  const options = { ...config.options, responsive: true, maintainAspectRatio: false };
  return { ...config, options } as PanelConfig;
}
