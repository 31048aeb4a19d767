import { InputError } from '../../core/errors.js';
import { countCutJudgements, readJudgeTexts, saveJudgements } from '../../store/tables/judgement-table.js';
import { byText, toJudgeRequest } from '../plan/judge-requests.js';
import { inUnits } from '../stage.js';
import { toRecord } from '../stages/judge-stage.js';
/** Judgements that are written in one transaction. */
const UNIT_JUDGEMENTS = 16;
/** These judgements belong to no run: they are found by their content keys alone. */
const NO_RUN = '';
/**
 * Has the judge read every labelled pair once, response 1 in slot 1, as PandaLM's evaluation does. What it wrote earlier is
 * found in the store, and what it writes is put there, so the same call again asks only what is missing.
 * @throws InputError `unanswered` if prompts got no answer: what was answered is stored
 */
export async function judgeLabelled(store, judge, pairs, options) {
    const requests = pairs.map(({ response1, response2, ...instruction }) => toJudgeRequest(judge, { instruction, responses: [response1, response2] }));
    const distinct = [...new Map(requests.map((request) => [request.key, request])).values()];
    const failures = await askMissing(store, judge, distinct, options);
    const keys = distinct.map(({ key }) => key);
    const texts = readJudgeTexts(store, keys);
    if (texts.size < distinct.length)
        throw unanswered(judge, distinct.length - texts.size, failures[0]);
    // Parsed again: a stored verdict may be of an older parser.
    const verdict = (index) => judge.protocol.parse(texts.get(requests[index].key)).slotVerdict;
    return {
        pairs: pairs.map((pair, index) => ({ ...pair, verdict: verdict(index) })),
        cut: countCutJudgements(store, keys),
    };
}
/** @returns why prompts got no answer, one text for each */
async function askMissing(store, judge, requests, { progress, signal }) {
    const known = readJudgeTexts(store, requests.map(({ key }) => key));
    const open = requests.filter(({ key }) => !known.has(key)).sort(byText);
    const prompts = open.map((request) => ({ ...request, tag: request }));
    const failures = [];
    const task = progress.start(`${judge.label}: labelled pairs`, requests.length, known.size);
    try {
        for await (const unit of inUnits(judge.ask(prompts, signal), UNIT_JUDGEMENTS)) {
            const answers = unit.flatMap((reply) => ('error' in reply ? [] : [reply]));
            const judgements = answers.map((answer) => toRecord(judge, answer));
            saveJudgements(store, NO_RUN, { judgements, pairs: [] });
            failures.push(...unit.flatMap((reply) => ('error' in reply ? [String(reply.error)] : [])));
            task.advance(answers.length);
        }
    }
    finally {
        task.end();
    }
    return failures;
}
function unanswered({ label }, missing, failure) {
    return new InputError({
        code: 'unanswered',
        where: `judge ${label}`,
        expected: 'an answer to every prompt',
        found: `none to ${missing} of them${failure === undefined ? '' : `: ${failure}`}`,
        fix: 'The other answers are stored: the same command sends only the missing prompts.',
    });
}
