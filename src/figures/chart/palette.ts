import { tidy } from './decades.ts';

/** Colors `#rrggbb` at equal distances from the low to the high end of a scale. */
export type Palette = readonly string[];

/** ColorBrewer's RdBu with 11 classes: safe for color-blind readers, near white in the middle, blue above it. */
export const DIVERGING: Palette = [
  '#67001f',
  '#b2182b',
  '#d6604d',
  '#f4a582',
  '#fddbc7',
  '#f7f7f7',
  '#d1e5f0',
  '#92c5de',
  '#4393c3',
  '#2166ac',
  '#053061',
];

/** Viridis without its yellow end, which is too pale for a line on white. */
export const SEQUENTIAL: Palette = [
  '#440154',
  '#46327e',
  '#365c8d',
  '#277f8e',
  '#1fa187',
  '#4ac16d',
  '#9fbf1f',
];

/** Okabe and Ito's colors in an order that keeps neighbors apart: for things without an order, such as models. */
export const CATEGORICAL: Palette = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
];

/** Share of paper. */
const PALE = 0.65;

type Rgb = readonly [red: number, green: number, blue: number];

/** Color at `position` of the palette; 0 is its low end, 1 its high end, everything beyond is the end. */
export function colorAt(palette: Palette, position: number): string {
  const clamped = Math.min(1, Math.max(0, position));
  const scaled = clamped * (palette.length - 1);
  const low = Math.min(Math.floor(scaled), palette.length - 2);
  const share = scaled - low;
  const from = parseHex(palette[low]!);
  const to = parseHex(palette[low + 1]!);
  return toHex([mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)]);
}

/** `count` colors spread over the whole palette. */
export function spread(palette: Palette, count: number): string[] {
  return Array.from({ length: count }, (_, index) => colorAt(palette, count === 1 ? 0 : index / (count - 1)));
}

/** `index`-th of a palette without order; after the last comes the first again. */
export function cycled(palette: Palette, index: number): string {
  return palette[index % palette.length]!;
}

/** The color mixed with paper: for what is drawn, but is not to be leaned on. */
export function paler(color: string): string {
  return colorAt([color, '#ffffff'], PALE);
}

/**
 * Black or white, whichever stands out more from the background. One of the two always reaches 4.58 : 1,
 * which no softer pair of inks does.
 */
export function inkOn(background: string): string {
  const onBlack = contrastRatio(background, '#000000');
  return onBlack >= contrastRatio(background, '#ffffff') ? '#000000' : '#ffffff';
}

/** WCAG 2.1 contrast ratio of two colors `#rrggbb`, in [1, 21]. */
export function contrastRatio(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.1 relative luminance, in [0, 1]. */
function luminance(color: string): number {
  const [red, green, blue] = parseHex(color);
  // `**` is not the same on every processor to the last bit.
  return tidy(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue));
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function mix(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share);
}

function parseHex(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
