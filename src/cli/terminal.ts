/** What a command has of the process that it runs in, and how it ends. Nothing is imported here: every file of cli/ may. */

/** The streams and the signal of a process; a test gives its own. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

export const EXIT = { done: 0, bug: 1, badInput: 2, failedCheck: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each exit code means to a script. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  bug: 'a bug: the stack is on stderr',
  badInput:
    'bad input: one line on stderr says what was expected, what was found, where, and what to do next',
  failedCheck: 'finished, but a check failed or results are missing: the output says which',
  interrupted: 'interrupted: finished work is stored, and the same command resumes it',
};
