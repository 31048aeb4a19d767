import { InputError } from '../../core/errors.js';
import { readAnswers } from '../../store/tables/answer-table.js';
/**
 * Looks up the run's answers, each sub-model's read once.
 * @throws InputError `empty` for an answer that was not generated yet
 */
export function readStoredAnswers({ store, run }) {
    const find = findStoredAnswers({ store, run });
    return (model, exit, instructionId) => {
        const answer = find(model, exit, instructionId);
        if (answer)
            return answer;
        throw new InputError({
            code: 'empty',
            where: `${store.path}: run ${run}`,
            expected: `an answer of ${model}@${exit} to instruction ${instructionId}`,
            found: 'none',
            fix: 'Run the generate stage first: sorted-eval generate <sweep.yaml>.',
        });
    };
}
export function readAnswerTexts(source) {
    const answers = readStoredAnswers(source);
    return (model, exit, instructionId) => answers(model, exit, instructionId).text;
}
/**
 * The same where a server or a file may have left answers out.
 * @throws InputError `empty` for an answer of a model in this process, which leaves none out
 */
export function findAnswerTexts(source) {
    const [find, read] = [findStoredAnswers(source), readAnswerTexts(source)];
    return (model, exit, instructionId) => {
        const text = find(model, exit, instructionId)?.text;
        const mayBeMissing = source.models.get(model)?.source !== 'folder';
        return text === undefined && !mayBeMissing ? read(model, exit, instructionId) : text;
    };
}
function findStoredAnswers({ store, run }) {
    const read = new Map();
    return (model, exit, instructionId) => {
        const key = `${model}@${exit}`;
        const answers = read.get(key) ?? readAnswers(store, run, { model, exit });
        read.set(key, answers);
        return answers.get(instructionId);
    };
}
