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
import type { Figure, Panel, PanelConfig } from '../../figures/chart/figure.ts';
import { FONT_FAMILY } from '../../figures/chart/style.ts';
import { chartRows } from '../content/chart-data.ts';
import { narrowPanel } from '../content/narrow-panel.ts';
import { themedConfig } from '../content/themed-config.ts';
import { useNarrow } from '../narrow.ts';
import { useTheme } from '../theme.ts';
import { SaveMenu } from './save/save-menu.tsx';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement);
Chart.register(LogarithmicScale, PointElement, Tooltip);
// Tooltips take theirs from here, not from a chart's options.
Chart.defaults.font.family = FONT_FAMILY;

interface ChartPanelProps {
  readonly figure: Figure;
  readonly panel: Panel;
  /** Names a chart without a title of its own. */
  readonly alt: string;
  /** Labels of lines. */
  readonly hidden: ReadonlySet<string>;
}

/** A panel of a figure, drawn by the configuration that draws its PNG; as wide as there is room. */
export function ChartPanel({ figure, panel, alt, hidden }: ChartPanelProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart | null>(null);
  const theme = useTheme();
  const isNarrow = useNarrow();
  const shown = isNarrow ? narrowPanel(panel) : panel;
  useEffect(
    () =>
      afterPaint(() => {
        // The reader may have left this view before it was painted.
        if (!canvas.current?.isConnected) return () => {};
        chart.current = new Chart(canvas.current, responsive(themedConfig(shown.config, theme)) as never);
        showLines(chart.current, hidden);
        return () => chart.current?.destroy();
      }),
    [panel, theme, isNarrow],
  );
  useEffect(() => {
    if (chart.current?.canvas) showLines(chart.current, hidden);
  }, [hidden]);
  return (
    <figure class="paper">
      <figcaption>
        {panel.title}{' '}
        <SaveMenu figure={figure} panel={panel} hidden={hidden} rows={() => chartRows(panel, hidden)} />
      </figcaption>
      <div class="chart" style={{ height: `${shown.heightPx}px` }}>
        <canvas ref={canvas} role="img" aria-label={panel.title || alt} />
      </div>
    </figure>
  );
}

function showLines(chart: Chart, hidden: ReadonlySet<string>): void {
  for (const [index, { label }] of chart.data.datasets.entries())
    chart.setDatasetVisibility(index, !hidden.has(label ?? ''));
  chart.update();
}

/**
 * Drawing eight charts takes as long as everything else together, so what is ready is painted first.
 * @returns undoes `work`, or keeps it from being done
 */
function afterPaint(work: () => () => void): () => void {
  let undo = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(() => {
      undo = work();
    });
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    undo();
  };
}

function responsive(config: PanelConfig): PanelConfig {
  const options = { ...config.options, responsive: true, maintainAspectRatio: false };
  return { ...config, options } as PanelConfig;
}
