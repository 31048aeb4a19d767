import { InputError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { readInstructions } from '../tables/instruction-table.js';
import { readModels } from '../tables/model-table.js';
import { readRuns } from '../tables/run-table.js';
import { defineRead, read, readFirst } from './read.js';
/** Throws InputError `bad-query` for a run, an instruction or a sub-model that is not there, naming the nearest. */
export function readPair(store, choice) {
    const run = findRun(store, choice.run);
    const instructions = readInstructions(store, run);
    const id = findInstruction(instructions, choice.instruction);
    const position = instructions.findIndex((instruction) => instruction.id === id);
    const [a, b] = [findSubModel(store, run, choice.a, '--a'), findSubModel(store, run, choice.b, '--b')];
    const cell = { modelA: a.model, exitA: a.exit, modelB: b.model, exitB: b.exit };
    return {
        run,
        instruction: instructions[position],
        position,
        a: readSide(store, run, id, a),
        b: readSide(store, run, id, b),
        verdicts: read(store, defineRead(SELECT_VERDICTS, { run, id, ...cell })),
    };
}
function readSide(store, run, id, subModel) {
    const row = readFirst(store, defineRead(SELECT_ANSWER, { run, id, ...subModel }));
    if (!row)
        return subModel;
    const { correct, ...answer } = row;
    return { ...subModel, answer: { ...answer, isCorrect: correct === null ? null : correct === 1 } };
}
/** The run of that name, or the only one. Throws InputError `bad-query` that names the nearest. */
export function findRun(store, named) {
    const names = readRuns(store).map(({ run }) => run);
    if (named === undefined && names.length === 1)
        return names[0];
    if (named !== undefined && names.includes(named))
        return named;
    const expected = `a run of ${store.path}`;
    if (named !== undefined || names.length === 0) {
        throw notThere('--run', expected, named === undefined ? 'none' : JSON.stringify(named), named ?? '', names);
    }
    const fix = `Name one of ${names.join(', ')}.`;
    throw new InputError({ code: 'bad-query', where: '--run', expected, found: 'no name', fix });
}
function findInstruction(instructions, named) {
    const ids = instructions.map(({ id }) => id);
    const begun = ids.filter((id) => id.startsWith(named));
    if (begun.length === 1 && named !== '')
        return begun[0];
    const found = begun.length > 1 ? `${JSON.stringify(named)}, which begins ${begun.length}` : JSON.stringify(named);
    throw notThere('--instruction', 'the id of an instruction of this run, or its beginning', found, named, ids);
}
function findSubModel(store, run, named, option) {
    const subModels = readModels(store, run).flatMap(({ model, subModels }) => subModels.map(({ exit }) => ({ model, exit })));
    const names = subModels.map(({ model, exit }) => `${model}@${exit}`);
    const found = subModels[names.indexOf(named)];
    if (found)
        return found;
    throw notThere(option, 'a model of this run and one of its exits, such as soft@6', JSON.stringify(named), named, names);
}
function notThere(where, expected, found, word, names) {
    const fix = names.length === 0 ? 'Run `sorted-eval sweep` first.' : `Did you mean ${nearest(word, names)}?`;
    return new InputError({ code: 'bad-query', where, expected, found, fix });
}
const SELECT_ANSWER = `SELECT r.text, r.correct, r.stop_reason, r.generated_tokens, q.looks, q.mean_log_probability
FROM responses r JOIN answer_quality q USING (run, model, exit, instruction_id)
WHERE r.run = @run AND r.model = @model AND r.exit = @exit AND r.instruction_id = @id`;
/** A comparison may have the two the other way round. */
const SELECT_VERDICTS = `SELECT comparison, ord AS "order", iif(ord = 'ab', a, b) AS slot1, iif(ord = 'ab', b, a) AS slot2,
  slot_verdict, CASE preference WHEN 'a' THEN a WHEN 'b' THEN b END AS preferred, raw_text
FROM (SELECT *, model_a || '@' || exit_a AS a, model_b || '@' || exit_b AS b FROM verdicts
      WHERE run = @run AND instruction_id = @id
        AND ((model_a, exit_a, model_b, exit_b) = (@modelA, @exitA, @modelB, @exitB)
          OR (model_a, exit_a, model_b, exit_b) = (@modelB, @exitB, @modelA, @exitA)))
ORDER BY comparison, ord`;
