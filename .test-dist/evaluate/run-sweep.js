import { finishRun } from '../store/tables/run-table.js';
import { requireJudgeKey } from './plan/require-api-keys.js';
import { figuresStage } from './stages/figures-stage.js';
import { generateStage } from './stages/generate-stage.js';
import { judgeStage } from './stages/judge-stage.js';
import { klStage } from './stages/kl-stage.js';
import { loglikelihoodStage } from './stages/loglikelihood-stage.js';
import { scoreStage } from './stages/score-stage.js';
import { sideBySide } from './stages/side-by-side.js';
import { speedStage } from './stages/speed-stage.js';
/**
 * All stages in the order of the data; a judge behind a server reads while this machine measures. Each finds in the store
 * what is known, so the same call resumes a killed run.
 */
export async function runSweep(sweep) {
    requireJudgeKey(sweep);
    const missing = await generateStage(sweep);
    await speedStage(sweep);
    missing.push(...(await judgeAndMeasure(sweep)));
    const checks = scoreStage(sweep);
    const figures = figuresStage(sweep);
    if (missing.length === 0)
        finishRun(sweep.store, sweep.run);
    return { checks, figures, missing };
}
async function judgeAndMeasure(sweep) {
    const { judge } = sweep.config;
    const isRemote = judge !== undefined && 'endpoint' in judge;
    if (isRemote) {
        const works = [judgeAll, measureAll].map((work) => (signal) => work({ ...sweep, signal }));
        return (await sideBySide(works, sweep.signal)).flat();
    }
    return [...(await judgeAll(sweep)), ...(await measureAll(sweep))];
}
async function judgeAll(sweep) {
    return sweep.comparisons.length > 0 ? judgeStage(sweep) : [];
}
async function measureAll(sweep) {
    await klStage(sweep);
    await loglikelihoodStage(sweep);
    return [];
}
