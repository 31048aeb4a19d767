/** The canvas, its fonts and the charts: loaded at the first figure, for they take a moment that other commands need not spend. */
import { createRequire } from 'node:module';
import type { Chart } from 'chart.js';
import type { Context2D } from '../chart/drawing-context.ts';
import { FONT_FAMILY } from '../chart/style.ts';
import { type Letters, lettersFor } from './fallback-fonts.ts';

/** What is used of @napi-rs/canvas: its own types need those of the DOM. */
interface NativeCanvas {
  getContext(kind: '2d'): Context2D;
  toBuffer(mimeType: 'image/png'): Buffer;
}
interface SvgCanvas {
  getContext(kind: '2d'): Context2D;
  getContent(): Buffer;
}
interface PdfDocument {
  beginPage(width: number, height: number): Context2D;
  endPage(): void;
  close(): Buffer;
}
interface NativeModule {
  readonly GlobalFonts: { registerFromPath(path: string, family: string): unknown };
  readonly SvgExportFlag: { readonly ConvertTextToPaths: number };
  readonly PDFDocument: new (metadata: Record<string, string>) => PdfDocument;
  createCanvas(width: number, height: number): NativeCanvas;
  createCanvas(width: number, height: number, flag: number): SvgCanvas;
}

export interface Library {
  readonly native: NativeModule;
  readonly Chart: typeof Chart;
}

const require = createRequire(import.meta.url);
const resolve = (file: string) => require.resolve(file);
const OWN = '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf';
const FONT_FILES = [OWN, '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'];

let library: Library | undefined;

export function loadLibrary(): Library {
  library ??= load();
  return library;
}

function load(): Library {
  const native = require('@napi-rs/canvas') as NativeModule;
  for (const file of FONT_FILES) register(native, resolve(file), FONT_FAMILY);
  const chart = require('chart.js/auto') as typeof Chart;
  // Registers the chart type 'matrix'.
  require('chartjs-chart-matrix');
  return { native, Chart: chart };
}

const registered = new Set<string>();

/** What the texts need beside the figures' own font, ready to be drawn with. */
export function loadLetters({ native }: Pick<Library, 'native'>, texts: string): Letters {
  const letters = lettersFor(texts, resolve(OWN), resolve);
  for (const { family, path } of letters.fonts) {
    if (!registered.has(family)) register(native, path, family);
    registered.add(family);
  }
  return letters;
}

function register({ GlobalFonts }: NativeModule, path: string, family: string): void {
  // Without this check a figure would be drawn in whatever font the machine has.
  if (!GlobalFonts.registerFromPath(path, family)) throw new Error(`${path}: the font cannot be loaded`);
}
