/** A chart in a narrow window: its legend stands below it. Pure. */
import type { Panel, PanelConfig } from '../../figures/chart/figure.ts';

/** Entries of the legend in a row, and the height of a row: that of the shortest labels in 340 px. */
const IN_ROW = 3;
const ROW_PX = 24;

/** The same chart, higher by its legend; one without a legend at its right stays as it is. */
export function narrowPanel(panel: Panel): Panel {
  const { config, heightPx } = panel;
  const legend = config.options?.plugins?.legend;
  if (legend?.position !== 'right') return panel;
  const plugins = { ...config.options?.plugins, legend: { ...legend, position: 'bottom' } };
  const rows = Math.ceil(config.data.datasets.length / IN_ROW) + (legend.title?.display ? 1 : 0);
  return {
    ...panel,
    config: { ...config, options: { ...config.options, plugins } } as PanelConfig,
    heightPx: heightPx + rows * ROW_PX,
  };
}
