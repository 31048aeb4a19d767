/** Plugins of every chart type come through here. */
export function contextOf(chart) {
    return chart.ctx;
}
