import { InputError } from '../../core/errors.ts';
import { readResponses, type StoredResponse } from '../../store/tables/response-table.ts';
import type { ModelsContext, RunContext } from './run-context.ts';

type RunOfStore = Pick<RunContext, 'store' | 'run'>;

/** The response of a sub-model to an instruction; null: it is no answer; undefined: there is none. */
export type FoundTexts = (model: string, exit: number, instructionId: string) => string | null | undefined;
/** The stored response of a sub-model to an instruction. */
export type StoredResponses = (model: string, exit: number, instructionId: string) => StoredResponse;
export type ResponseTexts = (model: string, exit: number, instructionId: string) => string | null;

/**
 * Looks up the run's responses; those of a sub-model are read once.
 * @throws InputError `empty` for a response that is not generated yet
 */
export function readStoredResponses({ store, run }: RunOfStore): StoredResponses {
  const find = findStoredResponses({ store, run });
  return (model, exit, instructionId) => {
    const response = find(model, exit, instructionId);
    if (response) return response;
    throw new InputError({
      code: 'empty',
      where: `${store.path}: run ${run}`,
      expected: `a response of ${model}@${exit} to instruction ${instructionId}`,
      found: 'none',
      fix: 'Run the generate stage first: sorted-eval generate <sweep.yaml>.',
    });
  };
}

export function readResponseTexts(source: RunOfStore): ResponseTexts {
  const answers = readStoredResponses(source);
  return (model, exit, instructionId) => answers(model, exit, instructionId).text;
}

/**
 * The same for runs in which a server or a file may have left responses out.
 * @throws InputError `empty` for a missing response of a model in this process, which leaves none out
 */
export function findResponseTexts(source: RunOfStore & Pick<ModelsContext, 'models'>): FoundTexts {
  const [find, read] = [findStoredResponses(source), readResponseTexts(source)];
  return (model, exit, instructionId) => {
    const text = find(model, exit, instructionId)?.text;
    const mayBeMissing = source.models.get(model)?.mayBeIncomplete ?? true;
    return text === undefined && !mayBeMissing ? read(model, exit, instructionId) : text;
  };
}

/** The same where a server or a file may have left some out. */
export function findStoredResponses({ store, run }: RunOfStore) {
  const read = new Map<string, Map<string, StoredResponse>>();
  return (model: string, exit: number, instructionId: string): StoredResponse | undefined => {
    const key = `${model}@${exit}`;
    const answers = read.get(key) ?? readResponses(store, run, { model, exit });
    read.set(key, answers);
    return answers.get(instructionId);
  };
}
