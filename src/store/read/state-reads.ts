/** Reads of what became of prompts: the views `answer_states` and `verdict_states`. */
import type { ResponseState, SubModel } from '../../core/domain.ts';
import { defineRead, type Read } from './read.ts';

/** Counts of states and of what was noticed. */
interface StateCounts {
  readonly answered: number;
  readonly promptTooLong: number;
  readonly noContent: number;
  readonly refused: number;
  readonly cutInReasoning: number;
  readonly withThoughts: number;
  /** Those of them whose thoughts were taken out. */
  readonly strippedThoughts: number;
  readonly withEcho: number;
  readonly strippedEcho: number;
}

/** Of the responses of one exit. */
export interface AnswerStates extends SubModel, StateCounts {
  readonly responses: number;
  /** Prompts that lost the end of their input. */
  readonly cutPrompts: number;
}

/** Of the verdicts on a comparison. */
export interface VerdictStates extends StateCounts {
  readonly comparison: string;
  readonly verdicts: number;
}

/** A response that is no answer, with what came instead. */
export interface UnansweredResponse extends SubModel {
  readonly instructionId: string;
  readonly state: ResponseState;
  readonly rawText: string | null;
}

/** States other than `answered`: the field that counts them, and what people call them. */
export const UNANSWERED_STATES = [
  ['promptTooLong', 'prompt too long'],
  ['noContent', 'no content'],
  ['refused', 'refused'],
  ['cutInReasoning', 'cut in reasoning'],
] as const;

/** By model and exit. */
export function answerStatesRead(run: string): Read<AnswerStates> {
  return defineRead(SELECT_ANSWERS, { run }, { needs: 'answer_states' });
}

/** By comparison. */
export function verdictStatesRead(run: string): Read<VerdictStates> {
  return defineRead(SELECT_VERDICTS, { run }, { needs: 'verdict_states' });
}

/** The responses of all exits to one instruction that are no answers. */
export function unansweredRead(run: string, instructionId: string): Read<UnansweredResponse> {
  return defineRead(SELECT_UNANSWERED, { run, instructionId }, { needs: 'unanswered' });
}

const SELECT_ANSWERS = `SELECT *
FROM answer_states
WHERE run = @run
ORDER BY model, exit`;

const SELECT_VERDICTS = `SELECT *
FROM verdict_states
WHERE run = @run
ORDER BY comparison`;

const SELECT_UNANSWERED = `SELECT model, exit, instruction_id, state, raw_text
FROM unanswered
WHERE run = @run AND instruction_id = @instructionId`;
