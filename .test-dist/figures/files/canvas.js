/**
 * The only file that touches the canvas. Same figure, same bytes: the font is bundled, nothing moves, and neither
 * the machine's language nor its fonts take part.
 */
import { createRequire } from 'node:module';
import { contextOf } from '../chart/drawing-context.js';
import { layOut } from '../chart/figure-layout.js';
import { panelCanvas } from '../chart/panel-canvas.js';
import { cssFont, FONT_FAMILY, PAPER, PIXEL_RATIO } from '../chart/style.js';
import { withPngTexts } from './png-text.js';
import { stampTexts } from './stamp.js';
import { withSvgTexts } from './svg-text.js';
const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];
/** A CSS pixel is 1/96 of an inch, PDF's unit 1/72. */
const CSS_DPI = 96;
const PDF_DPI = 72;
/** `PIXEL_RATIO` pixels for each CSS pixel. */
export const DEFAULT_DPI = CSS_DPI * PIXEL_RATIO;
/** @returns the bytes of a file; the same for the same figure and options */
export function renderFigure(figure, options = {}) {
    library ??= loadLibrary();
    const measureContext = library.native.createCanvas(1, 1).getContext('2d');
    const layout = layOut(figure, (text, style) => measure(measureContext, text, style));
    const texts = stampTexts(figure.title, options.stamp);
    const { format = 'png', dpi = DEFAULT_DPI } = options;
    switch (format) {
        case 'png':
            return pngOf(library, layout, texts, dpi);
        case 'svg':
            return svgOf(library, layout, texts);
        case 'pdf':
            return pdfOf(library, layout, texts);
        default:
            throw new Error(`Unknown format ${format}`);
    }
}
function pngOf({ native, Chart }, layout, texts, dpi) {
    const scale = dpi / CSS_DPI;
    const sheet = native.createCanvas(Math.ceil(layout.widthPx * scale), Math.ceil(layout.heightPx * scale));
    drawLayout(sheet.getContext('2d'), layout, scale, Chart);
    return withPngTexts(sheet.toBuffer('image/png'), texts, dpi);
}
function svgOf({ native, Chart }, layout, texts) {
    const { ConvertTextToPaths } = native.SvgExportFlag;
    const sheet = native.createCanvas(layout.widthPx, layout.heightPx, ConvertTextToPaths);
    drawLayout(sheet.getContext('2d'), layout, 1, Chart);
    return Buffer.from(withSvgTexts(sheet.getContent().toString('utf8'), texts[0][1], texts, layout));
}
function pdfOf({ native, Chart }, layout, texts) {
    const [title = '', creator = '', ...stamp] = texts.map(([, text]) => text);
    const document = new native.PDFDocument({ title, creator, subject: stamp.join('; ') });
    const scale = PDF_DPI / CSS_DPI;
    const page = document.beginPage(layout.widthPx * scale, layout.heightPx * scale);
    drawLayout(page, layout, scale, Chart);
    document.endPage();
    return document.close();
}
let library;
function loadLibrary() {
    const require = createRequire(import.meta.url);
    const native = require('@napi-rs/canvas');
    registerFonts(native, (file) => require.resolve(file));
    const chart = require('chart.js/auto');
    // Registers the chart type 'matrix'.
    require('chartjs-chart-matrix');
    return { native, Chart: chart };
}
function registerFonts({ GlobalFonts }, resolve) {
    for (const file of FONT_FILES) {
        const path = resolve(`@expo-google-fonts/inter/${file}`);
        // Without this check a figure would be drawn in whatever font the machine has.
        if (!GlobalFonts.registerFromPath(path, FONT_FAMILY))
            throw new Error(`${path}: the font cannot be loaded`);
    }
}
function measure(context, text, style) {
    context.lang = 'en';
    context.font = cssFont(style);
    return context.measureText(text).width;
}
function drawLayout(context, layout, scale, chart) {
    context.lang = 'en';
    context.scale(scale, scale);
    context.fillStyle = PAPER;
    context.fillRect(0, 0, layout.widthPx, layout.heightPx);
    for (const placed of layout.panels)
        drawPanel(context, placed, scale, chart);
    context.textBaseline = 'middle';
    for (const text of layout.texts)
        drawText(context, text);
}
/** What Chart.js leaves behind in the context ends with the panel. */
function drawPanel(context, placed, scale, chart) {
    const { panel, x, y } = placed;
    const { widthPx, heightPx } = panel;
    context.save();
    context.beginPath();
    context.rect(x, y, widthPx, heightPx);
    context.clip();
    const canvas = panelCanvas(context, { x, y, widthPx, heightPx, scale });
    new chart(canvas, stillImage(panel.config, scale)).destroy();
    context.restore();
}
/** Chart.js resets the context when it sizes the canvas, so the language is set again after that. */
const language = {
    id: 'language',
    afterInit: (chart) => {
        contextOf(chart).lang = 'en';
    },
};
/** The caller's configuration stays as it is; a still image needs three options more. */
function stillImage(config, scale) {
    const options = { ...config.options, responsive: false, animation: false, devicePixelRatio: scale };
    return { ...config, options, plugins: [...(config.plugins ?? []), language] };
}
function drawText(context, { text, style, align, x, y }) {
    context.font = cssFont(style);
    context.fillStyle = style.color;
    context.textAlign = align;
    context.fillText(text, x, y);
}
