import { inkOn } from '../../../figures/chart/palette.ts';
import type { HeatmapScale } from '../../../figures/heatmap/heatmap-types.ts';
import { onDark } from '../../content/dark-color.ts';

/** A cell's color and that of its text, in both themes. @param fill `#rrggbb`, of the light one */
export function paint(fill: string): { readonly background: string; readonly color: string } {
  const dark = onDark(fill);
  return { background: both(fill, dark), color: both(inkOn(fill), inkOn(dark)) };
}

const both = (light: string, dark: string) => `light-dark(${light}, ${dark})`;

/** What the colors of a matrix mean; its numbers are in the cells, for who does not see it. */
export function ColorBar({ scale: { palette, min, max, label } }: { scale: HeatmapScale }) {
  const colors = palette.map((color) => both(color, onDark(color))).join(', ');
  return (
    <div class="color-bar" aria-hidden="true" title={label}>
      <span>{max}</span>
      <div style={{ background: `linear-gradient(to top, ${colors})` }} />
      <span>{String(min).replace('-', '−')}</span>
    </div>
  );
}
