/** svgcanvas brings no types. */
declare module 'svgcanvas' {
  import type { Context2D } from '../figures/chart/drawing-context.ts';

  export const Context: new (
    width: number,
    height: number,
  ) => Context2D & {
    getSerializedSvg(): string;
  };
}
