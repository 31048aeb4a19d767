import { InputError } from '../../core/errors.js';
import { PROTOCOLS, protocolSetting } from '../../judge/protocols/protocols.js';
import { knownJudgementKeys, reparseJudgements, saveJudgements, } from '../../store/tables/judgement-table.js';
import { saveJudge } from '../../store/tables/run-table.js';
import { noteMissing } from '../checks/missing.js';
import { collectJudgeRequests } from '../plan/judge-requests.js';
import { inUnits } from '../stage.js';
/** Judgements that are written in one transaction, each with all pairs that it settles. */
const UNIT_JUDGEMENTS = 64;
/**
 * Has the judge read every pair of every cell in both orders.
 * @returns what got no verdict, already noted on the progress
 */
export async function judgeStage(sweep) {
    if (!sweep.openJudge)
        throw noJudge(sweep);
    const judge = await sweep.openJudge();
    try {
        return await judgeWith(sweep, judge);
    }
    finally {
        await judge.close();
    }
}
/** Parses all stored judge texts again, without a judge. Returns how many there are. */
export function reparseStage({ store }) {
    return reparse(store, PROTOCOLS, 'all');
}
function reparse(store, protocols, which) {
    let count = 0;
    for (const protocol of protocols) {
        const { protocol: name = null } = protocolSetting(protocol);
        const parse = (text) => protocol.parse(text).slotVerdict;
        count += reparseJudgements(store, { protocol: name, parserVersion: protocol.version, parse }, which);
    }
    return count;
}
/**
 * The same with a judge that is open already.
 * @throws InputError `empty` when answers are missing; the run's verdicts are then as they were
 */
export async function judgeWith(sweep, judge) {
    const { requests, unanswered } = collectJudgeRequests(sweep, judge);
    const { label, key, decoding, deviations } = judge;
    saveJudge(sweep.store, sweep.run, { judge: label, judgeKey: key, decoding, deviations });
    reparse(sweep.store, new Set([...PROTOCOLS, judge.protocol]), 'outdated');
    const failures = await askAll(sweep, judge, requests);
    const pairs = sweep.instructions.length * ordersOf(sweep);
    const noAnswers = Array(unanswered).fill('an answer to be judged is missing');
    return [
        ...noteMissing(sweep.progress, {
            label: `${label}: verdicts`,
            total: requests.length,
            reasons: failures,
        }),
        ...noteMissing(sweep.progress, { label: `${label}: pairs to judge`, total: pairs, reasons: noAnswers }),
    ];
}
/** Verdicts that each instruction needs. */
function ordersOf({ comparisons }) {
    return comparisons.reduce((sum, { exitsA, exitsB }) => sum + 2 * exitsA.length * exitsB.length, 0);
}
/** @returns why prompts got no verdict, one text for each */
async function askAll(sweep, judge, requests) {
    const known = knownJudgementKeys(sweep.store, requests.map(({ key }) => key));
    const settled = requests.filter(({ key }) => known.has(key));
    saveJudgements(sweep.store, sweep.run, { judgements: [], pairs: settled.flatMap(({ pairs }) => pairs) });
    const task = sweep.progress.start(`${judge.label}: verdicts`, requests.length, settled.length);
    const failures = [];
    try {
        const open = requests.filter(({ key }) => !known.has(key));
        const prompts = open.map((request) => ({ ...request, tag: request }));
        for await (const unit of inUnits(judge.ask(prompts, sweep.signal), UNIT_JUDGEMENTS)) {
            const answers = unit.flatMap((reply) => ('error' in reply ? [] : [reply]));
            saveJudgements(sweep.store, sweep.run, {
                judgements: answers.map((answer) => toRecord(judge, answer)),
                pairs: answers.flatMap(({ tag }) => tag.pairs),
            });
            task.advance(answers.length);
            failures.push(...unit.flatMap((reply) => ('error' in reply ? [reply.error] : [])));
        }
    }
    finally {
        task.end();
    }
    return failures;
}
/** What a judge wrote to a prompt, as the store keeps it. */
export function toRecord(judge, answer) {
    const { tag, cutTokens, rawText, stopReason, promptTokens, generatedTokens, durationMs } = answer;
    return {
        judgementKey: tag.key,
        judgeKey: judge.key,
        promptSha256: tag.promptSha256,
        // Not part of the key; how much of the responses the judge did not read is stored with its text.
        decoding: {
            ...judge.decoding,
            ...(cutTokens && { cutTokens }),
            ...(tag.truncatedCharacters > 0 && { cutCharacters: tag.truncatedCharacters }),
        },
        rawText,
        slotVerdict: judge.protocol.parse(rawText).slotVerdict,
        parserVersion: judge.protocol.version,
        stopReason,
        promptTokens,
        generatedTokens,
        durationMs,
    };
}
function noJudge({ run }) {
    return new InputError({
        code: 'bad-config',
        where: `sweep ${run}: judge`,
        expected: 'a judge',
        found: 'none',
        fix: 'Add `judge: {path: …}` to the sweep file.',
    });
}
