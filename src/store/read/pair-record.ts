/** One pair of responses with its verdicts and everything that was measured of it. */
import type { Instruction, Order, ResponseState, SubModel } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { Store } from '../database.ts';
import { readInstructions } from '../tables/instruction-table.ts';
import { readModels } from '../tables/model-table.ts';
import { findRun } from './find-run.ts';
import { promptsRead } from './prompts-read.ts';
import { defineRead, read, readFirst } from './read.ts';

export interface PairChoice {
  /** As {@link findRun} takes it. Default: the newest run of the file. */
  readonly run?: string | undefined;
  /** Id of an instruction, or enough of its beginning. */
  readonly instruction: string;
  /** `soft@6` */
  readonly a: string;
  readonly b: string;
}

export interface Pair {
  readonly run: string;
  readonly instruction: Instruction;
  /** 0-based, in the set. */
  readonly position: number;
  readonly a: PairSide;
  readonly b: PairSide;
  /** By comparison and order; [] where no comparison has this pair, or it is not judged yet. */
  readonly verdicts: readonly PairVerdict[];
}

/** A side of a pair; `response` is absent where there is none yet. */
export interface PairSide extends SubModel {
  /** As the model read it; absent where there is no response, or a recorded one. */
  readonly prompt?: string;
  readonly response?: {
    readonly state: ResponseState;
    /** Null: no answer. */
    readonly text: string | null;
    /** What came instead of an answer, or with it; null: nothing. */
    readonly rawText: string | null;
    /** Null where the right answer is not known, or there is no response. */
    readonly isCorrect: boolean | null;
    /** Null of these: not known. */
    readonly stopReason: string | null;
    readonly generatedTokens: number | null;
    /** Null: no answer. */
    readonly looks: string | null;
    /** Nats a token; null without a scorer model. */
    readonly meanLogProbability: number | null;
  };
}

export interface PairVerdict {
  readonly comparison: string;
  readonly order: Order;
  /** `soft@6` */
  readonly slot1: string;
  readonly slot2: string;
  readonly slotVerdict: string;
  /** `soft@6`; null for a tie and for a malformed verdict. */
  readonly preferred: string | null;
  /** What the judge wrote; null: nothing. */
  readonly rawText: string | null;
}

/**
 * Throws InputError `bad-query` for a run, an instruction or a sub-model that is not there, naming the
 * nearest.
 */
export function readPair(store: Store, choice: PairChoice): Pair {
  const run = findRun(store, choice.run);
  const instructions = readInstructions(store, run);
  const id = findInstruction(instructions, choice.instruction);
  const position = instructions.findIndex((instruction) => instruction.id === id);
  const [a, b] = [findSubModel(store, run, choice.a, '--a'), findSubModel(store, run, choice.b, '--b')];
  const cell = { modelA: a.model, exitA: a.exit, modelB: b.model, exitB: b.exit };
  const prompts = new Map(read(store, promptsRead(run, id)).map(({ model, prompt }) => [model, prompt]));
  const sideOf = (subModel: SubModel): PairSide => {
    const side = readSide(store, run, id, subModel);
    const prompt = prompts.get(subModel.model);
    return side.response === undefined || prompt === undefined ? side : { ...side, prompt };
  };
  return {
    run,
    instruction: instructions[position]!,
    position,
    a: sideOf(a),
    b: sideOf(b),
    verdicts: read(store, defineRead<PairVerdict>(SELECT_VERDICTS, { run, id, ...cell })),
  };
}

type StoredSide = Omit<NonNullable<PairSide['response']>, 'isCorrect'> & { readonly correct: number | null };

function readSide(store: Store, run: string, id: string, subModel: SubModel): PairSide {
  const row = readFirst(store, defineRead<StoredSide>(SELECT_RESPONSE, { run, id, ...subModel }));
  if (!row) return subModel;
  const { correct, ...response } = row;
  return { ...subModel, response: { ...response, isCorrect: correct === null ? null : correct === 1 } };
}

function findInstruction(instructions: readonly Instruction[], named: string): string {
  const ids = instructions.map(({ id }) => id);
  const begun = ids.filter((id) => id.startsWith(named));
  if (begun.length === 1 && named !== '') return begun[0]!;
  const found =
    begun.length > 1 ? `${JSON.stringify(named)}, which begins ${begun.length}` : JSON.stringify(named);
  throw notThere(
    '--instruction',
    'the id of an instruction of this run, or its beginning',
    found,
    named,
    ids,
  );
}

function findSubModel(store: Store, run: string, named: string, option: string): SubModel {
  const subModels = readModels(store, run).flatMap(({ model, subModels }) =>
    subModels.map(({ exit }) => ({ model, exit })),
  );
  const names = subModels.map(({ model, exit }) => `${model}@${exit}`);
  const found = subModels[names.indexOf(named)];
  if (found) return found;
  throw notThere(
    option,
    'a model of this run and one of its exits, such as soft@6',
    JSON.stringify(named),
    named,
    names,
  );
}

function notThere(
  where: string,
  expected: string,
  found: string,
  word: string,
  names: readonly string[],
): InputError {
  const fix = names.length === 0 ? 'Run `sorted-eval sweep` first.' : `Did you mean ${nearest(word, names)}?`;
  return new InputError({ code: 'bad-query', where, expected, found, fix });
}

const SELECT_RESPONSE = `SELECT g.state, r.text, g.raw_text, r.correct, r.stop_reason, r.generated_tokens, q.looks,
  q.mean_log_probability
FROM responses r JOIN answer a USING (run, model, exit, instruction_id) JOIN generation g USING (response_key)
LEFT JOIN answer_quality q USING (run, model, exit, instruction_id)
WHERE r.run = @run AND r.model = @model AND r.exit = @exit AND r.instruction_id = @id`;

/** A comparison may have the two the other way round. */
const SELECT_VERDICTS = `SELECT comparison, ord AS "order", iif(ord = 'ab', a, b) AS slot1, iif(ord = 'ab', b, a) AS slot2,
  slot_verdict, CASE preference WHEN 'a' THEN a WHEN 'b' THEN b END AS preferred, raw_text
FROM (SELECT *, model_a || '@' || exit_a AS a, model_b || '@' || exit_b AS b FROM verdicts
      WHERE run = @run AND instruction_id = @id
        AND ((model_a, exit_a, model_b, exit_b) = (@modelA, @exitA, @modelB, @exitB)
          OR (model_a, exit_a, model_b, exit_b) = (@modelB, @exitB, @modelA, @exitA)))
ORDER BY comparison, ord`;
