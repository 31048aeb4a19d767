import { InputError } from '../../core/errors.js';
import { INSTRUCTION } from '../schema/content-tables.js';
import { RUN_INSTRUCTION } from '../schema/run-tables.js';
import { inserter } from './statements.js';
/** Part of `openRun`. @throws InputError `bad-instructions` when an instruction occurs twice */
export function insertInstructions(store, run, instructions) {
    requireDistinct(run, instructions);
    for (const [position, { id, instruction, input, answer, category }] of instructions.entries()) {
        insertText(store, { instructionId: id, instruction, input });
        insertPlace(store, {
            run,
            instructionId: id,
            position,
            answer: answer ?? null,
            category: category ?? null,
        });
    }
}
/** In the order of the set. */
export function readInstructions(store, run) {
    return store.all(SELECT, { run }).map(({ answer, category, ...text }) => ({
        ...text,
        ...(answer !== null && { answer }),
        ...(category !== null && { category }),
    }));
}
const insertText = inserter(INSTRUCTION, 'keep');
const insertPlace = inserter(RUN_INSTRUCTION, 'refuse');
const SELECT = `SELECT instruction_id AS id, instruction, input, answer, category
  FROM run_instruction JOIN instruction USING (instruction_id) WHERE run = @run ORDER BY position`;
function requireDistinct(run, instructions) {
    const positions = new Map();
    for (const [position, { id }] of instructions.entries()) {
        const first = positions.get(id);
        if (first !== undefined)
            throw twice(run, first, position);
        positions.set(id, position);
    }
}
function twice(run, first, second) {
    return new InputError({
        code: 'bad-instructions',
        where: `instructions of run ${run}`,
        expected: 'every instruction with its input once',
        found: `the same at positions ${first} and ${second}`,
        fix: 'Remove one of them: it would count twice.',
    });
}
