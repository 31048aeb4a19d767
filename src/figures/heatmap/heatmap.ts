import type { Figure, Panel } from '../chart/figure.ts';
import { requireData } from '../chart/require-panels.ts';
import { heatmapConfig } from './heatmap-config.ts';
import { chooseCellWidth, figureWidth, MIN_CELL_WIDTH_PX, panelSize } from './heatmap-size.ts';
import type { HeatmapPanel, HeatmapScale, HeatmapsInput } from './heatmap-types.ts';
import { paperHeatmaps } from './paper-heatmaps.ts';

/** Matrices side by side under one scale. @throws InputError `empty` without panels, exits or cells. */
export function heatmaps(input: HeatmapsInput): Figure {
  requireData(input.title, 'panel', input.panels);
  if (input.sheet?.kind === 'paper') return paperHeatmaps(input, input.sheet);
  const cellWidthPx = input.perRow === undefined ? chooseCellWidth(input.panels) : MIN_CELL_WIDTH_PX;
  const panels = input.panels.map((panel) => heatmapPanel(panel, panel.scale ?? input.scale, cellWidthPx));
  return { title: input.title, footer: input.footer, widthPx: figureWidth(panels, input.perRow), panels };
}

function heatmapPanel(panel: HeatmapPanel, scale: HeatmapScale, cellWidthPx: number): Panel {
  return {
    title: panel.title,
    config: heatmapConfig(panel, scale),
    ...panelSize(panel, cellWidthPx),
  };
}
