/** Which answers look degenerate: views of schema version 2; files of version 1 have nothing to say. */
import type { Reader } from '../../store/database.ts';

export interface AnswerLooks {
  readonly model: string;
  readonly exit: number;
  readonly looks: string;
  readonly repetition: number | null;
  readonly compression: number | null;
  readonly meanLogProbability: number | null;
  readonly referenceModel: string | null;
  readonly referenceExit: number | null;
}

export function readLooks(store: Reader, run: string, instructionId: string): AnswerLooks[] {
  if (!hasView(store, 'answer_quality')) return [];
  return store.all<AnswerLooks>(
    `SELECT model, exit, looks, repetition, compression, mean_log_probability AS meanLogProbability,
       reference_model AS referenceModel, reference_exit AS referenceExit FROM answer_quality
     WHERE run = @run AND instruction_id = @instructionId`,
    { run, instructionId },
  );
}

export interface DegenerateWins {
  readonly wins: number;
  readonly degenerateWins: number;
  readonly degenerateWinsA: number;
  readonly degenerateWinsB: number;
  readonly overOrdinary: number;
  readonly emptyWins: number;
}

export function readDegenerateWins(
  store: Reader,
  { run, comparison, exitA, exitB }: { run: string; comparison: string; exitA: number; exitB: number },
): DegenerateWins | undefined {
  if (!hasView(store, 'degenerate_wins')) return undefined;
  return store.get<DegenerateWins>(
    `SELECT wins, degenerate AS degenerateWins, of_a AS degenerateWinsA,
       of_b AS degenerateWinsB, over_ordinary AS overOrdinary, empty AS emptyWins FROM degenerate_wins
     WHERE run = @run AND comparison = @comparison AND exit_a = @exitA AND exit_b = @exitB`,
    { run, comparison, exitA, exitB },
  );
}

function hasView(store: Reader, name: string): boolean {
  return store.get('SELECT 1 FROM sqlite_schema WHERE name = @name', { name }) !== undefined;
}
