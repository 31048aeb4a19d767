import type { Argv } from 'yargs';
import type { ExitCode, Terminal } from './terminal.ts';

/** One command of the command line. */
export interface Command<Args = unknown> {
  /** Its name and positional arguments, as yargs takes them: `info <folder>`. */
  readonly command: string;
  readonly describe: string;
  readonly builder: (args: Argv) => Argv<Args>;
  /** @throws InputError for the caller's mistakes; every other error is a bug */
  readonly run: (args: Args, terminal: Terminal) => ExitCode | Promise<ExitCode>;
}

/** A command whose `run` takes the arguments that its builder declares. */
export function defineCommand<Args>(command: Command<Args>): Command {
  // yargs calls `run` with what this very builder made.
  return command as unknown as Command;
}
