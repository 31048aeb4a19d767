/** What went wrong, as a word that programs can test. */
export type InputErrorCode =
  | 'not-found'
  | 'not-readable'
  | 'not-writable'
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

  constructor(problem: InputProblem) {
    const { code, where, expected, found, fix } = problem;
    super(oneLine(`${where}: expected ${expected}, found ${found}. ${fix}`), { cause: problem.cause });
    this.name = 'InputError';
    this.code = code;
    this.where = where;
  }
}

/** Files and models are hostile input: their line breaks and escape codes must not reach the terminal. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
