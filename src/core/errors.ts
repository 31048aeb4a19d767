/** What went wrong, as a word that programs can test. */
export type InputErrorCode =
  | 'not-found'
  | 'not-readable'
  | 'not-writable'
  | 'in-use'
  | 'not-json'
  | 'bad-schema'
  | 'bad-checkpoint'
  | 'unsupported-model'
  | 'unknown-exit'
  | 'bad-instructions'
  | 'bad-config'
  | 'bad-results'
  | 'newer-version'
  | 'bad-query'
  | 'bad-option'
  | 'bad-machine'
  | 'unanswered'
  | 'empty';

/** The four parts of an error that teaches. They become one line. */
export interface InputProblem {
  readonly code: InputErrorCode;
  /** File, and key or offset in it. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  /** What the caller can do next. */
  readonly fix: string;
  readonly cause?: unknown;
}

/** The caller's mistake or bad input: printed as one line, exit code 2. Every other error is a bug. */
export class InputError extends Error {
  readonly code: InputErrorCode;
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;

  constructor(problem: InputProblem) {
    const { code, where, expected, found, fix } = problem;
    const line = `${oneLine(where)}: expected ${oneLine(expected)}, found ${oneLine(found)}. ${oneLine(fix)}`;
    super(line, { cause: problem.cause });
    this.name = 'InputError';
    this.code = code;
    this.where = where;
    this.expected = expected;
    this.found = found;
    this.fix = fix;
  }
}

/** Enough for a path and a name, too short for the megabyte that a hostile file gives as a name. */
const MAX_PART = 500;

/**
 * Files and models are hostile input: their line breaks, escape codes and marks that change the direction of
 * text must not reach the terminal.
 */
function oneLine(text: string): string {
  const visible = text.slice(0, MAX_PART).replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return text.length > MAX_PART ? `${visible}…` : visible;
}
