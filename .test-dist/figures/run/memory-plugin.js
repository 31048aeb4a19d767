import { contextOf } from '../chart/drawing-context.js';
import { inkOn } from '../chart/palette.js';
import { cssFont, FONT_BOLD, INK, LABEL, PAPER } from '../chart/style.js';
const PADDING_PX = 6;
/** Numbers inside the parts that are wide enough, and each bar's total after its end. */
export function barTexts(totals, human) {
    return {
        id: 'barTexts',
        afterDatasetsDraw(chart) {
            const ctx = contextOf(chart);
            ctx.save();
            ctx.textBaseline = 'middle';
            ctx.font = cssFont(LABEL);
            for (const index of chart.data.datasets.keys())
                drawParts(chart, index, human);
            ctx.font = cssFont({ ...LABEL, weight: FONT_BOLD });
            drawTotals(chart, totals);
            ctx.restore();
        },
    };
}
function drawParts(chart, datasetIndex, human) {
    const ctx = contextOf(chart);
    const dataset = chart.data.datasets[datasetIndex];
    ctx.textAlign = 'center';
    ctx.fillStyle = inkOn(dataset.backgroundColor);
    for (const [index, bar] of barsOf(chart, datasetIndex).entries()) {
        const text = human(dataset.data[index]);
        if (ctx.measureText(text).width + 2 * PADDING_PX > bar.x - bar.base)
            continue;
        ctx.fillText(text, (bar.x + bar.base) / 2, bar.y);
    }
}
function drawTotals(chart, totals) {
    const ctx = contextOf(chart);
    ctx.textAlign = 'left';
    const stacks = [...chart.data.datasets.keys()].map((index) => barsOf(chart, index));
    for (const [index, text] of totals.entries()) {
        const end = Math.max(...stacks.map((bars) => bars[index].x));
        const { y } = stacks[0][index];
        // Grid lines would run through the text.
        ctx.fillStyle = PAPER;
        ctx.fillRect(end + 1, y - LABEL.sizePx, ctx.measureText(text).width + 2 * PADDING_PX, 2 * LABEL.sizePx);
        ctx.fillStyle = INK;
        ctx.fillText(text, end + PADDING_PX, y);
    }
}
function barsOf(chart, datasetIndex) {
    return chart.getDatasetMeta(datasetIndex).data;
}
