/**
 * Reads pairs of responses that people labelled, in three formats told apart by their keys:
 *
 * - PandaLM `testset-v1.json`: `idx, instruction, input, response1, response2, annotator1, annotator2, annotator3`, a
 *   label being 0 (tie), 1 or 2;
 * - LLMBar `dataset.json`: `input, output_1, output_2, label`, a label being 1 or 2;
 * - auto-j `testdata_pairwise.jsonl`: `prompt, response 1, response 2, label`, a label being 0 (the first), 1 (the second)
 *   or 2 (tie).
 */
import { z } from 'zod';
import { InputError } from '../core/errors.js';
import { instructionId } from './instructions.js';
import { checkRecord, describeValue, readRecords } from './read-records.js';
import { refuseRepeatedIndices } from './repeated-index.js';
const text = z.string({ error: 'a text' });
/** Six responses of PandaLM's set are JSON booleans; upstream's Python puts them into the prompt as str() gives them. */
const pythonText = z
    .union([z.string(), z.boolean()], { error: 'a text or a boolean' })
    .transform((value) => (typeof value === 'string' ? value : value ? 'True' : 'False'));
const label012 = z.literal([0, 1, 2], { error: '0, 1 or 2' });
const PANDALM = {
    code: 'bad-schema',
    record: 'a PandaLM pair: idx, instruction, input, response1, response2, annotator1…3 (0 tie, 1, 2)',
};
const pandalmSchema = z.looseObject({
    idx: z.int({ error: 'a whole number' }),
    instruction: text,
    input: text,
    response1: pythonText,
    response2: pythonText,
    annotator1: label012,
    annotator2: label012,
    annotator3: label012,
    cmp_key: text.optional(),
});
const LLMBAR = {
    code: 'bad-schema',
    record: 'an LLMBar pair: input, output_1, output_2, label (1, 2)',
};
const llmbarSchema = z.looseObject({
    input: text,
    output_1: text,
    output_2: text,
    label: z.literal([1, 2], { error: '1 or 2' }),
});
const AUTO_J = {
    code: 'bad-schema',
    record: 'an auto-j pair: prompt, "response 1", "response 2", label (0 first, 1 second, 2 tie)',
};
const autoJSchema = z.looseObject({
    prompt: text,
    'response 1': text,
    'response 2': text,
    label: label012,
});
/**
 * The labelled pairs of a file, in its order.
 *
 * @throws InputError as `readRecords` does; `bad-schema` where the format is none of the three, a record does not fit it,
 * or an `idx` comes twice.
 */
export function readHumanLabels(path) {
    const records = readRecords(path, { code: 'bad-schema', record: 'a labelled pair' });
    const read = readerFor(records[0]);
    const pairs = records.map(read);
    refuseRepeatedIndices(pairs.map(({ index }, position) => ({ index, where: records[position].where })), 'bad-schema');
    return pairs;
}
/** The label most annotators give; where all differ, the first annotator's, as PandaLM's `compute_metrics.py` has it. */
export function majorityLabel(annotations) {
    const votesFor = (label) => annotations.filter((other) => other === label).length;
    return annotations.reduce((best, label) => (votesFor(label) > votesFor(best) ? label : best));
}
function readerFor(first) {
    const keys = Object.keys(Object(first.value));
    if (keys.includes('annotator1'))
        return readPandalm;
    if (keys.includes('output_1'))
        return readLlmbar;
    if (keys.includes('response 1'))
        return readAutoJ;
    throw new InputError({
        code: 'bad-schema',
        where: first.where,
        expected: [PANDALM, LLMBAR, AUTO_J].map(({ record }) => record).join('; or '),
        found: keys.length > 0 ? `the keys ${keys.slice(0, 12).join(', ')}` : describeValue(first.value),
        fix: 'Name a file of labelled pairs in one of these formats.',
    });
}
function readPandalm(record) {
    const { idx, instruction, input, response1, response2, cmp_key, ...rest } = checkRecord(pandalmSchema, record, PANDALM);
    const votes = [rest.annotator1, rest.annotator2, rest.annotator3];
    const annotations = votes.map((vote) => ['tie', '1', '2'][vote]);
    const pair = toPair(idx, { instruction, input }, [response1, response2], annotations);
    return cmp_key === undefined ? pair : { ...pair, models: cmp_key };
}
function readLlmbar(record, position) {
    const { input, output_1, output_2, label } = checkRecord(llmbarSchema, record, LLMBAR);
    return toPair(position, { instruction: input, input: '' }, [output_1, output_2], [`${label}`]);
}
function readAutoJ(record, position) {
    const { prompt, label, ...rest } = checkRecord(autoJSchema, record, AUTO_J);
    const annotation = ['1', '2', 'tie'][label];
    const responses = [rest['response 1'], rest['response 2']];
    return toPair(position, { instruction: prompt, input: '' }, responses, [annotation]);
}
function toPair(index, { instruction, input }, [response1, response2], annotations) {
    const promptId = instructionId(instruction, input);
    const label = majorityLabel(annotations);
    return { index, promptId, instruction, input, response1, response2, label, annotations };
}
