import type { Context2D } from '../chart/drawing-context.ts';

/** What is done otherwise than on the canvas itself. */
export interface Watch {
  /** In place of a font that is set. */
  readonly font?: (font: string) => string;
  /** In place of a text that is measured or drawn. */
  readonly text?: (text: string) => string;
  /** In place of drawing a text. */
  readonly fillText?: (context: Context2D, text: string, x: number, y: number) => void;
}

/** A canvas' context that draws as the canvas does, but for what is watched. */
export function watchedContext(
  context: Context2D,
  { font, text = (same) => same, fillText }: Watch,
): Context2D {
  const drawText = (words: string, ...place: [number, number]) =>
    fillText === undefined
      ? context.fillText(text(words), ...place)
      : fillText(context, text(words), place[0], place[1]);
  const instead: Record<PropertyKey, unknown> = {
    fillText: drawText,
    measureText: (words: string) => context.measureText(text(words)),
  };
  return new Proxy(context, {
    get(target, key) {
      if (key in instead) return instead[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, key, value) =>
      Reflect.set(target, key, key === 'font' && font ? font(value as string) : value, target),
  });
}
