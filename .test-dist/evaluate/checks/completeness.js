/** What a run lacks because a server or a file left it out, and what its judge did not read whole. */
import { readAnswers } from '../../store/tables/answer-table.js';
import { countCutVerdicts } from '../../store/tables/judgement-table.js';
/** True where answers or verdicts may be missing without a stage having been left out. */
export function mayBeIncomplete({ models, config }) {
    const isForeign = [...models.values()].some(({ source }) => source !== 'folder');
    return isForeign || (config.judge !== undefined && !('path' in config.judge));
}
export function completenessChecks(sweep, comparisons) {
    return [
        missingAnswers(sweep),
        ...comparisons.map(missingVerdicts),
        ...(comparisons.length > 0 ? [cutVerdicts(sweep)] : []),
    ].filter((check) => check !== undefined);
}
function missingAnswers({ store, run, models, instructions }) {
    const missing = [...models.values()].flatMap(({ name: model, exits }) => exits.flatMap((exit) => {
        const count = instructions.length - readAnswers(store, run, { model, exit }).size;
        return count > 0 ? [`${model}@${exit} lacks ${count} of ${instructions.length}`] : [];
    }));
    if (missing.length === 0)
        return undefined;
    return { name: 'every instruction is answered', passed: false, detail: missing.join(', ') };
}
function missingVerdicts({ comparison, complete, cells, judged, pairs, }) {
    if (judged === pairs)
        return undefined;
    const left = `${pairs - judged} of ${pairs} pairs have no verdict`;
    const unscored = `${cells - complete.length} of ${cells} cells are not scored`;
    return { name: `${comparison}: every pair is judged`, passed: false, detail: `${left}; ${unscored}` };
}
/** Told, not failed: a judge's context is what it is. */
function cutVerdicts({ store, run }) {
    const { cut, all } = countCutVerdicts(store, run);
    if (cut === 0)
        return undefined;
    const detail = `${cut} of ${all} verdicts are on responses cut to fit the judge's context`;
    return { name: 'responses cut for the judge', passed: true, detail };
}
