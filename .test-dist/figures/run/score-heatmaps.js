import { isAllMalformed } from '../../metrics/score.js';
import { scoresRead } from '../../store/read/score-reads.js';
import { heatmaps } from '../chart/heatmap.js';
import { DIVERGING } from '../chart/palette.js';
import { labelOf } from './labels.js';
import { scoreEvidenceReads, scoreNotes } from './score-notes.js';
/** Figure 1 of the paper: one matrix for each comparison, under one policy. */
export const SCORES_FIGURE = {
    name: 'scores',
    title: 'Scores',
    alt: 'Matrices of scores by exit',
    missing: 'Nothing is scored yet.',
    section: 'scores',
    reads: ({ run }, { policy }) => ({ scores: scoresRead(run, policy) }),
    draw(head, { scores }) {
        if (scores.length === 0 || head.judge === null)
            return undefined;
        return scoreHeatmaps({
            judge: head.judge,
            instructions: head.instructions,
            panels: head.comparisons.map(({ name, modelA, modelB, exitsA, exitsB }) => ({
                modelA: labelOf(head, modelA),
                modelB: labelOf(head, modelB),
                exitsA,
                exitsB,
                cells: scores.filter(({ comparison }) => comparison === name).map(readableScore),
            })),
            notes: [],
        });
    },
    notes: { reads: scoreEvidenceReads, paragraphs: scoreNotes },
};
/** Without a readable verdict a cell is drawn as missing. */
function readableScore(cell) {
    const { exitA, exitB, score } = cell;
    return { exitA, exitB, score: isAllMalformed(cell) ? null : score };
}
/** Fixed, so that figures of different runs can be laid side by side. */
export const SCORE_SCALE = { label: 'Score', min: -1, max: 1, palette: DIVERGING, digits: 2 };
const READING = 'Score = (wins − losses) / total. Above 0 (blue): the sub-model of the row is preferred.';
/** Figure 1 of the paper. @throws InputError `empty` without panels or cells. */
export function scoreHeatmaps(input) {
    const names = input.panels.map((panel) => `${panel.modelA} against ${panel.modelB}`);
    const subject = names.length > 3 ? `${names.length} comparisons` : names.join(', ');
    return heatmaps({
        title: `Score by exit: ${subject} (judge: ${input.judge}, n\u00a0=\u00a0${input.instructions})`,
        footer: [READING, ...input.notes],
        panels: input.panels.map((panel, index) => toHeatmap(panel, names[index])),
        scale: SCORE_SCALE,
    });
}
function toHeatmap(panel, title) {
    const cells = panel.cells.map(({ exitA, exitB, score }) => ({ exitA, exitB, value: score }));
    return { ...panel, title, cells };
}
