import type { Figure, LineConfig, Panel } from '../chart/figure.ts';
import { markerLegend } from '../chart/lines.ts';
import type { Sheet } from '../chart/sheet.ts';
import { legendPanel } from './legend-panel.ts';

/** Places in the text of a paper refer to panels by their letters. */
export function lettered(panels: readonly Panel[]): Panel[] {
  const named = panels.filter(({ title }) => title !== '');
  if (named.length < 2) return [...panels];
  return panels.map((panel) => {
    const index = named.indexOf(panel);
    return index === -1
      ? panel
      : { ...panel, title: `(${String.fromCharCode(A + (index % LETTERS))}) ${panel.title}` };
  });
}

const A = 'a'.charCodeAt(0);
const LETTERS = 26;

/** What stands below a figure in a paper, where the figure itself has no words: title and notes, a line each. */
export function captionOf({ title, footer }: Pick<Figure, 'title' | 'footer'>): string {
  return `${[/[.!?]$/.test(title) ? title : `${title}.`, ...footer].join('\n').replaceAll('\u00a0', ' ')}\n`;
}

/** The legend of one chart of lines; on paper one legend below all stands for it. */
export function ownLegend(sheet: Sheet, position: 'right' | 'bottom', title = '') {
  return { ...markerLegend(position, title), display: sheet.kind === 'screen' };
}

/** Charts of lines on their sheet. */
export function placed(panels: readonly Panel[], sheet: Sheet): Pick<Figure, 'widthPx' | 'panels' | 'sheet'> {
  const { widthPx } = sheet;
  if (sheet.kind === 'screen') return { widthPx, panels };
  const charts = panels.map(({ config }) => config as LineConfig);
  return { widthPx, panels: [...lettered(panels), legendPanel(charts, sheet)], sheet };
}
