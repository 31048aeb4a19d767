import type { Context2D } from '../chart/drawing-context.ts';
import { escaped } from './xml-text.ts';

/** Fonts for who lacks the figures' own; their letters are nearly as wide. */
const FAMILIES = 'Inter, Helvetica, Arial, sans-serif';

/** From where a canvas places a text to the line that its letters stand on. */
const DOWN_EM: Readonly<Record<string, number>> = { middle: 0.36, top: 0.95, hanging: 0.73, bottom: -0.24 };
const ANCHORS: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' };

/** The parts of a context that say how a text would be drawn. */
interface TextState {
  readonly font: string;
  readonly fillStyle: unknown;
  readonly textAlign: string;
  readonly textBaseline: string;
  getTransform(): Readonly<Record<'a' | 'b' | 'c' | 'd' | 'e' | 'f', number>>;
}

/** An SVG element for a text that the context would draw: one that its reader can search and change. */
export function textElement(context: Context2D, text: string, x: number, y: number): string {
  const { font, fillStyle, textAlign, textBaseline, ...state } = stateOf(context);
  const { a, b, c, d, e, f } = state.matrix;
  const [, weight, size] = /(?:\b(\d{3})\s+)?\b([\d.]+)px/.exec(font)!;
  const [left, down] = [x, y + (DOWN_EM[textBaseline] ?? 0) * Number(size)];
  const anchor = ANCHORS[textAlign] === undefined ? '' : ` text-anchor="${ANCHORS[textAlign]}"`;
  const bold = Number(weight) > 500 ? ` font-weight="${weight}"` : '';
  const place = [a, b, c, d, e, f].map(rounded).join(' ');
  const attributes = `transform="matrix(${place})" x="${rounded(left)}" y="${rounded(down)}" fill="${fillStyle}"`;
  return `<text ${attributes} font-size="${size}"${bold}${anchor}>${escaped(text)}</text>`;
}

function stateOf(context: Context2D) {
  const state = context as unknown as TextState;
  const { font, fillStyle, textAlign, textBaseline } = state;
  return { font, fillStyle: String(fillStyle), textAlign, textBaseline, matrix: state.getTransform() };
}

const rounded = (value: number) => Number(value.toFixed(2));

/** The drawing with its texts on top. */
export function withLetters(svg: string, elements: readonly string[]): string {
  const letters = `<g font-family="${FAMILIES}">\n${elements.join('\n')}\n</g>`;
  return elements.length === 0 ? svg : svg.replace(/<\/svg>\s*$/, () => `${letters}\n</svg>\n`);
}
