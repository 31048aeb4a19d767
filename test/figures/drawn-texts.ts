import { createRequire } from 'node:module';
import type { Figure } from '../../src/figures/chart/figure.ts';
import { layOut } from '../../src/figures/chart/figure-layout.ts';
import { cssFont, type TextStyle } from '../../src/figures/chart/style.ts';
import { renderFigure } from '../../src/figures/files/canvas.ts';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A text as it is drawn, in the figure's CSS pixels. */
export interface DrawnText {
  readonly text: string;
  readonly sizePx: number;
  /** Narrower than its letters are: Chart.js does so to titles of axes. */
  readonly isSqueezed: boolean;
  readonly box: Box;
  /** The panel that clips it, or the sheet. */
  readonly within: Box;
}

/** What is used of the canvas. */
interface Context {
  font: string;
  textAlign: string;
  measureText(text: string): { width: number };
  getTransform(): { a: number; b: number; c: number; d: number; e: number; f: number };
  fillText(text: string, x: number, y: number, maxWidth?: number): void;
}

/** Every text of a figure with its place: what is drawn on the canvas is watched. */
export function drawnTexts(figure: Figure): DrawnText[] {
  // Registers the fonts.
  renderFigure(figure, { dpi: 72 });
  const native = createRequire(import.meta.url)('@napi-rs/canvas') as {
    createCanvas(width: number, height: number): { getContext(kind: '2d'): Context };
  };
  const measuring = native.createCanvas(1, 1).getContext('2d');
  const prototype = Object.getPrototypeOf(measuring) as Context;
  const { fillText } = prototype;
  const found: Omit<DrawnText, 'within'>[] = [];
  prototype.fillText = function (this: Context, text, x, y, maxWidth = Number.POSITIVE_INFINITY) {
    found.push(placed(this, text, x, y, maxWidth));
    fillText.call(this, text, x, y, ...(Number.isFinite(maxWidth) ? [maxWidth] : []));
  };
  try {
    // At this resolution a CSS pixel of the figure is a pixel.
    renderFigure(figure, { dpi: 96 / (figure.sheet?.scale ?? 1) });
  } finally {
    prototype.fillText = fillText;
  }
  const layout = layOut(figure, (text, style: TextStyle) => {
    measuring.font = cssFont(style);
    return measuring.measureText(text).width;
  });
  const sheet = { left: 0, top: 0, right: layout.widthPx, bottom: layout.heightPx };
  const panels = layout.panels.map(({ panel, x, y }) => ({
    ...{ left: x, top: y, right: x + panel.widthPx, bottom: y + panel.heightPx },
  }));
  return found.map((drawn) => ({
    ...drawn,
    within: panels.find((panel) => isIn(drawn.box, panel)) ?? sheet,
  }));
}

/** Its middle lies in the panel. */
function isIn({ left, right, top, bottom }: Box, panel: Box): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return x >= panel.left && x <= panel.right && y >= panel.top && y <= panel.bottom;
}

function placed(
  context: Context,
  text: string,
  x: number,
  y: number,
  maxWidth: number,
): Omit<DrawnText, 'within'> {
  const { width } = context.measureText(text);
  const sizePx = Number(/([\d.]+)px/.exec(context.font)![1]);
  const start =
    context.textAlign === 'center'
      ? x - width / 2
      : context.textAlign === 'right' || context.textAlign === 'end'
        ? x - width
        : x;
  const { a, b, c, d, e, f } = context.getTransform();
  // Digits and capitals are about so high.
  const corners = [
    [start, y - sizePx * 0.36],
    [start + width, y + sizePx * 0.36],
  ].map(([u, v]) => [a * u! + c * v! + e, b * u! + d * v! + f] as const);
  const [xs, ys] = [corners.map(([u]) => u), corners.map(([, v]) => v)];
  return {
    ...{ text, sizePx, isSqueezed: width > maxWidth + 0.5 },
    box: { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) },
  };
}
