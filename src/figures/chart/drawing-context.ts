import type { Chart } from 'chart.js';

/** The part of `CanvasRenderingContext2D` that figures draw with: the project compiles without the DOM's types. */
export interface Context2D {
  font: string;
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  textAlign: 'left' | 'center' | 'right';
  textBaseline: 'middle';
  lang: string;
  save(): void;
  restore(): void;
  scale(x: number, y: number): void;
  translate(x: number, y: number): void;
  rotate(radians: number): void;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  fill(): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  setLineDash(segments: readonly number[]): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
}

/** Plugins of every chart type come through here. */
export function contextOf(chart: Pick<Chart, 'ctx'>): Context2D {
  return chart.ctx as unknown as Context2D;
}
