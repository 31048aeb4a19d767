import { basename, join } from 'node:path';
import { RESULTS_FILE } from '../../config/results-file.js';
import { readSweepConfig } from '../../config/sweep-file.js';
import { InputError } from '../../core/errors.js';
import { sha256OfSmallFile } from '../../core/sha256.js';
import { readHumanLabels } from '../../data/human-labels.js';
import { joinVerdicts, readRecordedVerdicts } from '../../data/recorded-verdicts.js';
import { agreementReport } from '../../metrics/agreement-report.js';
import { countedPairs } from '../../metrics/human-agreement.js';
import { prepareJudge } from '../../sources/prepare-judge.js';
import { openStore } from '../../store/database.js';
import { saveHumanAgreement } from '../../store/tables/human-agreement-table.js';
import { judgeLabelled } from './judge-labelled.js';
/**
 * Measures a judge against human labels.
 * @throws InputError for files that do not fit, or neither verdicts nor a judge
 */
export async function measureAgreement(settings, options) {
    const { labels, verdicts, judge, malformed: malformedRule, seed } = settings;
    const labelled = readHumanLabels(labels);
    if ((verdicts === undefined) === (judge === undefined))
        throw notOneSource(verdicts !== undefined);
    const report = ({ pairs, ...source }) => {
        if (countedPairs(pairs, malformedRule) === 0)
            throw nothingCounted(pairs.length);
        return agreementReport(pairs, { ...source, labels, malformedRule, seed });
    };
    if (verdicts !== undefined)
        return report(recordedVerdicts(labelled, verdicts));
    return askAndReport(labelled, judge, options, report);
}
function recordedVerdicts(labelled, path) {
    const verdicts = readRecordedVerdicts(path);
    // Only a number is a tie under this text: PandaLM's own result files.
    const hasZeros = verdicts.some(({ text }) => text === '0');
    const notes = hasZeros ? ['its 0 stands for ties and for what PandaLM could not read alike'] : [];
    return { judge: `recorded in ${path}`, notes, pairs: joinVerdicts(labelled, verdicts, path) };
}
/** What comes out is kept with the judge, so that every run of it can say how far it agrees with people. */
async function askAndReport(labelled, path, options, report) {
    const { config } = readSweepConfig(path);
    const open = await prepareJudge(config, options);
    if (!open)
        throw noJudge(path);
    const judge = await open();
    try {
        const store = openStore(join(config.output, RESULTS_FILE));
        try {
            const { pairs, cut } = await judgeLabelled(store, judge, labelled, options);
            const cutNote = `responses of ${cut} prompts cut to fit the judge's context`;
            const notes = [...judgeNotes(judge), ...(cut > 0 ? [cutNote] : [])];
            const found = report({ judge: judge.label, notes, pairs });
            saveHumanAgreement(store, toRecord(judge, found));
            return found;
        }
        finally {
            store.close();
        }
    }
    finally {
        await judge.close();
    }
}
function toRecord({ key, decoding }, report) {
    const { accuracy: interval } = report.intervals;
    return {
        judgeKey: key,
        decoding,
        labelsSha256: sha256OfSmallFile(report.labels),
        labels: basename(report.labels),
        malformedRule: report.malformedRule,
        pairs: report.counted,
        accuracy: report.accuracy,
        accuracyLow: interval.low,
        accuracyHigh: interval.high,
        macroF1: report.f1,
        kappa: report.kappa ?? null,
    };
}
function judgeNotes({ decoding, deviations, protocol }) {
    const settings = Object.entries(decoding).filter(([, value]) => typeof value !== 'object');
    return [
        `decoding: ${settings.map(([name, value]) => `${name} ${value}`).join(', ')}`,
        ...deviations.map((text) => `deviation from ${protocol.title}: ${text}`),
    ];
}
function notOneSource(both) {
    return new InputError({
        code: 'bad-option',
        where: 'agreement',
        expected: '--verdicts <file> or --judge <sweep.yaml>',
        found: both ? 'both' : 'neither',
        fix: 'Name the file of recorded verdicts, or the sweep whose judge is to be asked.',
    });
}
function noJudge(path) {
    return new InputError({
        code: 'bad-config',
        where: `${path}: judge`,
        expected: 'a judge',
        found: 'none',
        fix: 'Add `judge: {path: …}` to the sweep file.',
    });
}
function nothingCounted(pairs) {
    return new InputError({
        code: 'empty',
        where: 'agreement',
        expected: 'at least one pair to count',
        found: pairs === 0 ? 'no pairs' : `${pairs} pairs, all malformed and dropped`,
        fix: 'Count malformed verdicts with --malformed tie or wrong, or judge again.',
    });
}
