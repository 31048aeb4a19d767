import { klCurves } from './kl-curves.js';
import { memory, separateModels } from './memory-bars.js';
import { qualitySpeed } from './quality-speed.js';
import { scoreHeatmaps } from './score-heatmaps.js';
import { scoreNotes } from './score-notes.js';
/** Figure 1 of the paper. @param scores of any policies; `undefined` where nothing is scored under this one. */
export function scoresFigure(head, scores, evidence, policy) {
    const own = scores.filter((score) => score.policy === policy);
    if (own.length === 0 || head.judge === null)
        return undefined;
    return scoreHeatmaps({
        judge: head.judge,
        instructions: head.instructions,
        panels: head.comparisons.map(({ name, modelA, modelB, exitsA, exitsB }) => ({
            modelA: labelOf(head, modelA),
            modelB: labelOf(head, modelB),
            exitsA,
            exitsB,
            cells: own.filter(({ comparison }) => comparison === name).map(readableScore),
        })),
        notes: scoreNotes(head, evidence, policy),
    });
}
/** A cell whose verdicts are all malformed has a score of 0 by its formula and nothing to say: it is drawn as missing. */
function readableScore({ exitA, exitB, score, malformed, total }) {
    return { exitA, exitB, score: malformed < total ? score : null };
}
/** Figure 2 of the paper: one panel for each curve; `undefined` without points. */
export function klFigure(head, points) {
    if (points.length === 0)
        return undefined;
    return klCurves({
        direction: 'KL(reference ‖ sub-model)',
        subject: `${modelsOf(head, points)} (no judge, ${sizeOf(head)})`,
        unit: 'nats',
        path: "teacher-forced on the reference's greedy answer",
        notes: [
            `Mean over the instructions whose reference answer reaches the position; n = ${head.instructions} at position 0.`,
        ],
        panels: curvesInOrder(head, points).map((curve) => {
            const own = points.filter((point) => point.curve === curve);
            return { title: curveTitle(head, own[0]), points: own };
        }),
    });
}
/** Names of the curves that have points, as the sweep file orders them. */
export function curvesInOrder(head, points) {
    const prefixes = head.curves.map(({ model, reference }) => `${model} from ${reference}@`);
    const rank = (curve) => prefixes.findIndex((prefix) => curve.startsWith(prefix));
    const curves = [...new Set(points.map(({ curve }) => curve))];
    return curves.sort((left, right) => rank(left) - rank(right));
}
function curveTitle(head, { model, referenceModel, referenceExit }) {
    const reference = model === referenceModel ? 'its own' : `${labelOf(head, referenceModel)}'s`;
    return `${labelOf(head, model)}'s exits from ${reference} exit ${referenceExit}`;
}
/** `undefined` where neither quality nor speed is known. */
export function qualitySpeedFigure(head, quality, speed) {
    const batchSize = head.speedBatchSize;
    const measured = speed.filter((record) => record.batchSize === batchSize);
    if (quality.length === 0 && measured.length === 0)
        return undefined;
    const names = head.models.map(({ label }) => label).join(', ');
    return qualitySpeed({
        title: `Quality and speed by exit: ${names} (known answers, no judge, ${sizeOf(head)})`,
        quality: { label: 'Exact match with the known answer', range: [0, 1], format: 'percent' },
        notes: [
            `Speed: greedy decoding, batch ${batchSize}, prefill not counted, nothing else in flight; this machine.`,
            ...(quality.length === 0 ? ['The instruction set has no known answers, so quality is not drawn.'] : []),
        ],
        models: head.models.map((model) => ({
            name: model.label,
            points: exitsOf(model).map((exit) => ({
                exit,
                quality: quality.find(isAt(model.model, exit))?.exactMatch ?? null,
                tokensPerSecond: tokensPerSecond(measured.find(isAt(model.model, exit))),
            })),
        })),
    });
}
const isAt = (model, exit) => (record) => record.model === model && record.exit === exit;
function tokensPerSecond(record) {
    return record ? (record.tokens / record.durationMs) * 1000 : null;
}
/** Of a model behind a server or in a file the size is not known; `undefined` where that is so of all. */
export function memoryFigure(head) {
    const models = head.models.filter(({ bodyParameters }) => bodyParameters > 0);
    if (models.length === 0)
        return undefined;
    const bars = models.map((model) => ({
        label: model.label,
        body: model.bodyParameters,
        embedding: model.embeddingParameters,
        head: model.headParameters,
        extraHeads: model.extraHeadParameters,
    }));
    const exits = exitsOf(models[0]);
    const separate = separateModels(bars[0], exits, models[0].layers);
    return memory({
        title: `Parameters of one model that serves all exits: ${models.map(({ label }) => label).join(', ')}`,
        unit: 'parameters',
        bars: [...bars, { label: `${exits.length} separate models`, ...separate }],
        notes: [
            'Extra exit heads of an early-exit model: (|B| − 1)·D·V parameters, |B| exits, width D, vocabulary V.',
            `Separate models: one for each exit ${exits.join(', ')}, each with its own layers, embedding and head.`,
        ],
    });
}
/** Labels of the models whose exits are drawn. */
function modelsOf(head, points) {
    const drawn = head.models.filter(({ model }) => points.some((point) => point.model === model));
    return drawn.map(({ label }) => label).join(', ');
}
const sizeOf = ({ instructions }) => `n\u00a0=\u00a0${instructions}`;
const exitsOf = ({ subModels }) => subModels.map(({ exit }) => exit);
export function labelOf({ models }, name) {
    return models.find(({ model }) => model === name)?.label ?? name;
}
