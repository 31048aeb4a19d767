/**
 * Reads instruction sets: Alpaca's JSON arrays and JSON Lines (`instruction`, `input`, `output`), and PandaLM's
 * `testset-inference-v1.json` (`motivation_app`, `instruction`, `input`).
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InputError } from '../core/errors.js';
import { strip } from '../core/strip.js';
import { checkRecord, readRecords } from './read-records.js';
const KIND = {
    code: 'bad-instructions',
    record: 'an object with the texts "instruction", "input" (optional) and "output" (optional)',
};
const text = z.string({ error: 'a text' });
const optionalText = text.nullish();
/** These are foreign formats: other keys are none of ours. */
const recordSchema = z.looseObject({
    instruction: text,
    input: optionalText,
    output: optionalText,
    category: optionalText,
    motivation_app: optionalText,
});
/**
 * The instructions of a file, in its order. `output` is the known answer where it is more than white space;
 * `category`, else `motivation_app`, names the family. PandaLM's set has one record whose instruction is empty and whose
 * input says it all, so just one of the two must be there.
 *
 * @throws InputError as `readRecords` does; `bad-instructions` with file, record and key where a record is not what it
 * should be, and where two records ask the same (they would share one id).
 */
export function readInstructions(path) {
    const records = readRecords(path, KIND);
    const instructions = records.map(toInstruction);
    refuseDuplicates(records, instructions);
    return instructions;
}
/** First 16 hex digits of sha256 of instruction, NUL, input: the same text has the same id in every file. */
export function instructionId(instruction, input) {
    return createHash('sha256').update(`${instruction}\0${input}`, 'utf8').digest('hex').slice(0, 16);
}
function toInstruction(record) {
    const { instruction, input, output, category, motivation_app } = checkRecord(recordSchema, record, KIND);
    if (strip(instruction) === '' && strip(input ?? '') === '')
        throw nothingAsked(record);
    const family = category || motivation_app;
    return {
        id: instructionId(instruction, input ?? ''),
        instruction,
        input: input ?? '',
        ...(output && strip(output) !== '' ? { answer: output } : {}),
        ...(family ? { category: family } : {}),
    };
}
function nothingAsked(record) {
    return new InputError({
        code: 'bad-instructions',
        where: record.where,
        expected: 'an instruction or an input',
        found: 'neither',
        fix: 'Fill in "instruction", or remove the record.',
    });
}
/** An id names one instruction, so a set that asks twice is refused rather than counted twice or silently shortened. */
function refuseDuplicates(records, instructions) {
    const firstPlace = new Map();
    const duplicates = [];
    for (const [index, { id }] of instructions.entries()) {
        const { where } = records[index];
        const first = firstPlace.get(id);
        if (first === undefined)
            firstPlace.set(id, where);
        else
            duplicates.push(`${where} repeats ${first}`);
    }
    if (duplicates.length === 0)
        return;
    const [shown, more] = [duplicates.slice(0, 3), duplicates.length - 3];
    throw new InputError({
        code: 'bad-instructions',
        where: duplicates[0].split(' repeats ')[0],
        expected: 'each pair of instruction and input once',
        found: `${duplicates.length} repeated: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
        fix: 'Remove the repeated records.',
    });
}
