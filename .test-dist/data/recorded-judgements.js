/**
 * Reads what a judge wrote earlier, by what it read: records `{instruction, input, response1, response2}` with `raw`, the
 * judge's whole text, or `verdict` (`1`, `2`, `tie`; 0 is a tie); or PandaLM's result file with the labelled pairs that its
 * `idx` point at.
 */
import { z } from 'zod';
import { readHumanLabels } from './human-labels.js';
import { checkRecord, readRecords } from './read-records.js';
import { joinVerdicts, readRecordedVerdicts } from './recorded-verdicts.js';
const KIND = {
    code: 'bad-schema',
    record: 'a judgement: instruction, input (optional), response1, response2, and raw or verdict ("1", "2", "tie", 0)',
};
const text = z.string({ error: 'a text' });
const recordSchema = z
    .looseObject({
    instruction: text,
    input: text.nullish(),
    response1: text,
    response2: text,
    raw: text.optional(),
    verdict: z.union([z.literal([0, 1, 2]), z.string()], { error: '0, 1, 2 or a text' }).optional(),
})
    .refine(({ raw, verdict }) => (raw === undefined) !== (verdict === undefined), {
    error: 'raw or verdict, one of the two',
    path: ['raw'],
});
/**
 * The judgements of a file, in its order.
 * @param pairsPath labelled pairs, where the file is one of PandaLM's results
 * @throws InputError as `readRecords` does; `bad-schema` or `bad-results` where files are not what they should be
 */
export function readRecordedJudgements(path, pairsPath) {
    if (pairsPath === undefined)
        return readRecords(path, KIND).map(toJudgement);
    const verdicts = readRecordedVerdicts(path);
    const textOf = new Map(verdicts.map((verdict) => [verdict.index, judgeText(verdict)]));
    return joinVerdicts(readHumanLabels(pairsPath), verdicts, path).map((pair) => ({
        instruction: pair.instruction,
        input: pair.input,
        response1: pair.response1,
        response2: pair.response2,
        rawText: textOf.get(pair.index),
        where: `${path}: idx ${pair.index}`,
    }));
}
function toJudgement(record) {
    const { instruction, input, response1, response2, raw, verdict } = checkRecord(recordSchema, record, KIND);
    const rawText = raw ?? (verdict === 0 ? 'Tie' : String(verdict));
    return { instruction, input: input ?? '', response1, response2, rawText, where: record.where };
}
/** PandaLM's form; a verdict of other words stays what it is, and malformed. */
function judgeText({ slotVerdict, text, reason }) {
    const verdict = slotVerdict === 'tie' ? 'Tie' : text;
    return reason ? `${verdict}\n\n### Reason: ${reason}` : verdict;
}
