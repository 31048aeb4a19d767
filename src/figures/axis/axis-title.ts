import { wrap } from '../chart/figure-layout.ts';
import { widthEm } from '../chart/letter-widths.ts';
import { AXIS_TITLE, chartFont } from '../chart/style.ts';

/** What each line beyond the first adds to the axis, CSS pixels. */
export const TITLE_LINE_PX = 17;

/** Title of an axis that is `roomPx` long: Chart.js would squeeze a longer one or cut it off. */
export function axisTitle(text: string, roomPx: number) {
  return {
    display: true,
    text: titleLines(text, roomPx),
    color: AXIS_TITLE.color,
    font: chartFont(AXIS_TITLE),
  };
}

export function titleLines(text: string, roomPx: number): string[] {
  return wrap(text, AXIS_TITLE, roomPx, (part, style) => widthEm(part) * style.sizePx);
}
