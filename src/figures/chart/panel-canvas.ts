import type { Context2D } from './drawing-context.ts';

/** The part of a canvas that Chart.js uses. */
export interface PanelCanvas {
  width: number;
  height: number;
  readonly style: Record<string, string>;
  getContext(kind: '2d'): Context2D;
}

/** A place on a sheet: everything in CSS pixels, `scale` sheet units for each. */
export interface PanelPlace {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly scale: number;
}

/**
 * A canvas whose drawings land in their place on the sheet, so that a vector sheet stays one of vectors. Chart.js
 * treats the canvas as its own: it resets the transform and clears everything.
 */
export function panelCanvas(sheet: Context2D, place: PanelPlace): PanelCanvas {
  const { widthPx, heightPx, scale } = place;
  // Chart.js aligns hairlines to whole pixels of its canvas: these must be whole pixels of the sheet.
  const [left, top] = [Math.round(place.x * scale), Math.round(place.y * scale)];
  const toPlace = () => sheet.setTransform(scale, 0, 0, scale, left, top);
  const canvas: PanelCanvas = { width: widthPx, height: heightPx, style: {}, getContext: () => context };
  const instead: Record<PropertyKey, unknown> = {
    canvas,
    setTransform: toPlace,
    resetTransform: toPlace,
    clearRect: () => {},
  };
  const context = new Proxy(sheet, {
    get(target, key) {
      if (key in instead) return instead[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  return canvas;
}
