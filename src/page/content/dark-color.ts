/** The figures' colors, which are made for white paper, on a dark one. */
import { PAPER } from '../../figures/chart/style.ts';

/** As `--paper` of the page's dark theme. */
export const DARK_PAPER = '#14161a';

const DARKEST = 0.09;
/** Below 1: colors in between become brighter. */
const BEND = 0.85;

/**
 * The color with its lightness turned over and its hue kept: what was near paper is near the dark paper, what was dark is
 * bright. @param color `#rrggbb`
 */
export function onDark(color: string): string {
  if (color === PAPER) return DARK_PAPER;
  const [hue, saturation, lightness] = toHsl(color);
  return fromHsl(hue, saturation, DARKEST + (1 - DARKEST) * (1 - lightness) ** BEND);
}

type Hsl = readonly [hue: number, saturation: number, lightness: number];

/** Hue in sixths of the circle, the others in [0, 1]. */
function toHsl(color: string): Hsl {
  const value = Number.parseInt(color.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255].map((part) => part / 255) as [
    number,
    number,
    number,
  ];
  const [high, low] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const [range, lightness] = [high - low, (high + low) / 2];
  if (range === 0) return [0, 0, lightness];
  return [hueOf(red, green, blue), range / (1 - Math.abs(2 * lightness - 1)), lightness];
}

function hueOf(red: number, green: number, blue: number): number {
  const high = Math.max(red, green, blue);
  const range = high - Math.min(red, green, blue);
  if (high === red) return ((green - blue) / range + 6) % 6;
  return high === green ? (blue - red) / range + 2 : (red - green) / range + 4;
}

function fromHsl(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (shift: number) => {
    const place = (shift + hue * 2) % 12;
    const part = lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1));
    return Math.round(255 * part)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
