/** A reader's star and note on a pair, as they are kept and handed on. Pure. */
import type { Rows } from '../../../terminal/rows.ts';

/** What the pair is, for who reads a note elsewhere. */
export interface NotedPair {
  readonly run: string;
  readonly comparison: string;
  readonly exitA: number;
  readonly exitB: number;
  readonly instructionId: string;
}

export interface PairNote extends NotedPair {
  readonly isStarred: boolean;
  readonly note: string;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
}

const PREFIX = 'sorted-eval/pair-note/';
/** An exported page keeps no more digits of content keys, and has the notes of the served one. */
const KEY_DIGITS = 16;

/** By the content of both responses: the same pair in another run or another copy of the file has the same note. */
export function noteKey({ keyA, keyB }: { readonly keyA: string; readonly keyB: string }): string {
  return `${PREFIX}${keyA.slice(0, KEY_DIGITS)}/${keyB.slice(0, KEY_DIGITS)}`;
}

export function isNoteKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** `undefined` for what this page did not write. */
export function parseNote(text: string | null): PairNote | undefined {
  try {
    const note = JSON.parse(text ?? 'null') as PairNote | null;
    return note !== null && FIELDS.every(([name, type]) => typeof note[name] === type) ? note : undefined;
  } catch {
    return undefined;
  }
}

const FIELDS = [
  ['run', 'string'],
  ['comparison', 'string'],
  ['exitA', 'number'],
  ['exitB', 'number'],
  ['instructionId', 'string'],
  ['isStarred', 'boolean'],
  ['note', 'string'],
  ['changedAt', 'string'],
] as const satisfies readonly (readonly [name: keyof PairNote, type: string])[];

/** In the order of comparisons, exits and instructions. */
export function noteRows(notes: readonly PairNote[]): Rows {
  const placeOf = ({ comparison, exitA, exitB, instructionId }: PairNote) =>
    JSON.stringify([comparison, 1000 + exitA, 1000 + exitB, instructionId]);
  const sorted = notes.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  return {
    columns: FIELDS.map(([name]) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    rows: sorted.map((note) => FIELDS.map(([name]) => note[name])),
  };
}
