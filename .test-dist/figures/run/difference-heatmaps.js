import { heatmaps } from '../chart/heatmap.js';
import { DIVERGING } from '../chart/palette.js';
/** Half of what is possible, so that usual differences are seen; fixed, so that figures can be laid side by side. */
export const DIFFERENCE_SCALE = {
    label: 'Score of this run − published score',
    min: -1,
    max: 1,
    palette: DIVERGING,
    digits: 2,
};
const READING = 'Above 0 (blue): the sub-model of the row does better in this run than in the published table. ' +
    'Differences beyond ±1 have the colour of the end.';
/** Where a run departs from published scores. @throws InputError `empty` without panels or cells. */
export function differenceHeatmaps(input) {
    const { run, judge, instructions, panels, notes } = input;
    return heatmaps({
        title: `Score of run ${run} minus the published score (judge: ${judge}, n\u00a0=\u00a0${instructions})`,
        footer: [READING, ...notes],
        panels: panels.map(({ baseline, cells, ...panel }) => ({
            ...panel,
            title: `${panel.modelA} against ${panel.modelB} (published: ${baseline})`,
            cells: cells.map(({ exitA, exitB, difference }) => ({ exitA, exitB, value: difference })),
        })),
        scale: DIFFERENCE_SCALE,
    });
}
