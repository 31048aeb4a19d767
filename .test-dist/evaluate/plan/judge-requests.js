import { sha256 } from '../../core/sha256.js';
import { truncateText } from '../../data/truncate-prompt.js';
import { judgementKey } from '../../store/tables/judgement-table.js';
import { findAnswerTexts } from './answer-texts.js';
/**
 * All requests of the run, by instruction and then by text.
 * @throws InputError `empty` when answers of a model in this process are missing: they were not generated yet
 */
export function collectJudgeRequests(sweep, judge) {
    const byPrompt = new Map();
    const sorted = [];
    const answers = findAnswerTexts(sweep);
    let unanswered = 0;
    for (const instruction of sweep.instructions) {
        const added = [];
        for (const comparison of sweep.comparisons) {
            for (const pair of pairsOf(comparison, instruction)) {
                const responses = responsesOf(answers, comparison, pair);
                if (responses)
                    addRequest(byPrompt, added, judge, { instruction, responses }, pair);
                else
                    unanswered++;
            }
        }
        sorted.push(...added.sort(byText));
    }
    return { requests: sorted, unanswered };
}
/** Prompts that begin alike become neighbours, so that a local judge reads the beginning once. */
export function byText({ text: left }, { text: right }) {
    return left < right ? -1 : Number(left > right);
}
/** Keyed by what the judge reads: another limit of its prompts changes the keys of just those that it shortens. */
export function toJudgeRequest(judge, pair, { text, truncatedCharacters } = promptOf(judge, pair)) {
    const promptSha256 = sha256(text);
    const key = judgementKey({ judgeKey: judge.key, promptSha256, decoding: judge.decoding });
    return { key, promptSha256, text, pair, truncatedCharacters };
}
function promptOf({ protocol, maxPromptCharacters }, pair) {
    return truncateText(protocol.prompt(pair), maxPromptCharacters);
}
function* pairsOf({ name, exitsA, exitsB }, { id }) {
    const orders = ['ab', 'ba'];
    for (const exitA of exitsA) {
        for (const exitB of exitsB) {
            for (const order of orders)
                yield { comparison: name, exitA, exitB, instructionId: id, order };
        }
    }
}
/** The two answers in the order of their slots; undefined where one could not be had. */
function responsesOf(answers, { modelA, modelB }, pair) {
    const a = answers(modelA, pair.exitA, pair.instructionId);
    const b = answers(modelB, pair.exitB, pair.instructionId);
    if (a === undefined || b === undefined)
        return undefined;
    return pair.order === 'ab' ? [a, b] : [b, a];
}
function addRequest(byPrompt, added, judge, responses, pair) {
    const prompt = promptOf(judge, responses);
    const existing = byPrompt.get(prompt.text);
    const request = existing ?? { ...toJudgeRequest(judge, responses, prompt), pairs: [] };
    request.pairs.push({ ...pair, judgementKey: request.key });
    if (existing)
        return;
    byPrompt.set(prompt.text, request);
    added.push(request);
}
