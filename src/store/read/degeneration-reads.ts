/** Reads of the views `degenerate_answers` and `degenerate_wins`; files of schema version 1 have neither. */
import type { SubModel } from '../../core/domain.ts';
import { type CellChoice, chosenCells } from './cell-choice.ts';
import { defineRead, type Read } from './read.ts';

export interface DegenerateResponses extends SubModel {
  readonly answers: number;
  readonly empty: number;
  /** Repetitive or unlikely. */
  readonly degenerate: number;
}

/** Verdicts that prefer a response, on all cells of a comparison or on one. */
export interface DegenerateWins {
  readonly wins: number;
  /** Those that prefer a degenerate response. */
  readonly degenerate: number;
  /** Those of them that prefer it over an ordinary one. */
  readonly overOrdinary: number;
  /** Those that prefer an empty response. */
  readonly empty: number;
}

export function degenerateResponsesRead(run: string): Read<DegenerateResponses> {
  return defineRead(SELECT_ANSWERS, { run }, { needs: 'degenerate_answers' });
}

/** One row, all 0 where nothing is judged. */
export function degenerateWinsRead(choice: CellChoice): Read<DegenerateWins> {
  const { where, params } = chosenCells(choice);
  return defineRead(`${SELECT_WINS}\n${where}`, params, { needs: 'degenerate_wins' });
}

const SELECT_ANSWERS = `SELECT model, exit, answers, empty, degenerate
FROM degenerate_answers
WHERE run = @run
ORDER BY model, exit`;

const SELECT_WINS = `SELECT coalesce(sum(wins), 0) AS wins, coalesce(sum(degenerate), 0) AS degenerate,
  coalesce(sum(over_ordinary), 0) AS over_ordinary, coalesce(sum(empty), 0) AS empty
FROM degenerate_wins`;
