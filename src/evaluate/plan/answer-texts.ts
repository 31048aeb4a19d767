import { InputError } from '../../core/errors.ts';
import { readResponses, type StoredResponse } from '../../store/tables/response-table.ts';
import type { ModelsContext, RunContext } from './run-context.ts';

type RunOfStore = Pick<RunContext, 'store' | 'run'>;

/** The answer of a sub-model to an instruction, where there is one. */
export type FoundTexts = (model: string, exit: number, instructionId: string) => string | undefined;
/** The answer of a sub-model to an instruction. */
export type StoredAnswers = (model: string, exit: number, instructionId: string) => StoredResponse;
export type AnswerTexts = (model: string, exit: number, instructionId: string) => string;

/**
 * Looks up the run's answers, each sub-model's read once.
 * @throws InputError `empty` for an answer that was not generated yet
 */
export function readStoredAnswers({ store, run }: RunOfStore): StoredAnswers {
  const find = findStoredAnswers({ store, run });
  return (model, exit, instructionId) => {
    const answer = find(model, exit, instructionId);
    if (answer) return answer;
    throw new InputError({
      code: 'empty',
      where: `${store.path}: run ${run}`,
      expected: `an answer of ${model}@${exit} to instruction ${instructionId}`,
      found: 'none',
      fix: 'Run the generate stage first: sorted-eval generate <sweep.yaml>.',
    });
  };
}

export function readAnswerTexts(source: RunOfStore): AnswerTexts {
  const answers = readStoredAnswers(source);
  return (model, exit, instructionId) => answers(model, exit, instructionId).text;
}

/**
 * The same where a server or a file may have left answers out.
 * @throws InputError `empty` for an answer of a model in this process, which leaves none out
 */
export function findAnswerTexts(source: RunOfStore & Pick<ModelsContext, 'models'>): FoundTexts {
  const [find, read] = [findStoredAnswers(source), readAnswerTexts(source)];
  return (model, exit, instructionId) => {
    const text = find(model, exit, instructionId)?.text;
    const mayBeMissing = source.models.get(model)?.mayBeIncomplete ?? true;
    return text === undefined && !mayBeMissing ? read(model, exit, instructionId) : text;
  };
}

function findStoredAnswers({ store, run }: RunOfStore) {
  const read = new Map<string, Map<string, StoredResponse>>();
  return (model: string, exit: number, instructionId: string): StoredResponse | undefined => {
    const key = `${model}@${exit}`;
    const answers = read.get(key) ?? readResponses(store, run, { model, exit });
    read.set(key, answers);
    return answers.get(instructionId);
  };
}
