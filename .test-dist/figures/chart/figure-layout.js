import { FOOTER, GAP_PX, MARGIN_PX, PANEL_TITLE, TITLE } from './style.js';
const LINE_HEIGHT = 1.35;
/** Title, rows of panels, footer, from top to bottom; texts wrap, so the height follows from the width. */
export function layOut(figure, measure) {
    const { widthPx } = figure;
    const innerPx = widthPx - 2 * MARGIN_PX;
    const title = block(wrap(figure.title, TITLE, innerPx, measure), TITLE, MARGIN_PX, MARGIN_PX, 'left');
    const texts = [...title.texts];
    const panels = [];
    let y = title.bottom + GAP_PX;
    for (const row of rowsOf(figure.panels, innerPx)) {
        const placed = placeRow(row, widthPx, y, measure);
        texts.push(...placed.texts);
        panels.push(...placed.panels);
        y = placed.bottom + GAP_PX;
    }
    for (const paragraph of figure.footer) {
        const lines = wrap(paragraph, FOOTER, innerPx, measure);
        const placed = block(lines, FOOTER, MARGIN_PX, y, 'left');
        texts.push(...placed.texts);
        y = placed.bottom;
    }
    return { widthPx, heightPx: Math.ceil(y + MARGIN_PX), texts, panels };
}
/** Panels in reading order, as many in a row as fit. */
function rowsOf(panels, innerPx) {
    const rows = [];
    let usedPx = Number.POSITIVE_INFINITY;
    for (const panel of panels) {
        usedPx += GAP_PX + panel.widthPx;
        if (usedPx > innerPx) {
            rows.push([]);
            usedPx = panel.widthPx;
        }
        rows.at(-1).push(panel);
    }
    return rows;
}
/** One row, centred; charts of a row start at one height, whatever their titles need. */
function placeRow(row, widthPx, top, measure) {
    const texts = [];
    const panels = [];
    const rowPx = row.reduce((sum, panel) => sum + panel.widthPx, (row.length - 1) * GAP_PX);
    const titles = row.map((panel) => wrap(panel.title, PANEL_TITLE, panel.widthPx, measure));
    const titleLines = Math.max(...titles.map((lines) => lines.length));
    const chartTop = top + Math.ceil(titleLines * PANEL_TITLE.sizePx * LINE_HEIGHT) + 6;
    let x = Math.round((widthPx - rowPx) / 2);
    for (const [index, panel] of row.entries()) {
        texts.push(...block(titles[index], PANEL_TITLE, x + panel.widthPx / 2, top, 'center').texts);
        panels.push({ panel, x, y: chartTop });
        x += panel.widthPx + GAP_PX;
    }
    return { texts, panels, bottom: chartTop + Math.max(...row.map((panel) => panel.heightPx)) };
}
function block(lines, style, x, top, align) {
    const linePx = style.sizePx * LINE_HEIGHT;
    const texts = lines.map((text, index) => ({ text, style, align, x, y: top + (index + 0.5) * linePx }));
    return { texts, bottom: Math.ceil(top + lines.length * linePx) };
}
/**
 * Lines no wider than `widthPx`, broken at white space other than no-break spaces, and inside a word only where the
 * word alone is too wide.
 */
export function wrap(text, style, widthPx, measure) {
    const fits = (candidate) => measure(candidate, style) <= widthPx;
    const lines = [];
    let line = '';
    for (const word of text.split(/[ \t\r\n]+/).filter((part) => part !== '')) {
        const longer = line === '' ? word : `${line} ${word}`;
        if (fits(longer)) {
            line = longer;
            continue;
        }
        if (line !== '')
            lines.push(line);
        const pieces = breakWord(word, fits);
        lines.push(...pieces.slice(0, -1));
        line = pieces.at(-1);
    }
    return line === '' ? lines : [...lines, line];
}
function breakWord(word, fits) {
    const pieces = [''];
    for (const character of word) {
        const longer = pieces.at(-1) + character;
        if (fits(longer) || longer === character)
            pieces[pieces.length - 1] = longer;
        else
            pieces.push(character);
    }
    return pieces;
}
