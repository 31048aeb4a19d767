/** What a command has of the process that it runs in, and how it ends. Nothing is imported here: every file of cli/ may. */

/** The streams and the signal of a process; a test gives its own. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
}

export const EXIT = { done: 0, bug: 1, badInput: 2, failedCheck: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each exit code means to a script. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'Done.',
  bug: 'A bug in sorted-eval; the stack is printed.',
  badInput:
    'Bad input or options. One line names the place, what was expected, what was found and what to do next.',
  failedCheck:
    'Finished, but a check failed or answers are missing (a server did not answer). The same command computes only what is missing.',
  interrupted:
    'Interrupted by Ctrl-C, SIGTERM or SIGHUP. What was stored is whole; the same command goes on from there.',
};

/** The last line of an interrupted command. */
export const INTERRUPTED = 'Interrupted. What was stored is whole; the same command goes on from there.\n';
