import yargs, { type CommandModule } from 'yargs';
import { InputError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { agreementCommand } from './commands/agreement-command.ts';
import { compareCommand } from './commands/compare-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { exportCommand } from './commands/export-command.ts';
import { figuresCommand } from './commands/figures-command.ts';
import { importCommand } from './commands/import-command.ts';
import { infoCommand } from './commands/info-command.ts';
import { queryCommand } from './commands/query-command.ts';
import { reportCommand, stageCommands, sweepCommand } from './commands/sweep-command.ts';
import { viewCommand } from './commands/view-command.ts';

/** What a command needs from the process; a test gives its own. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

export const EXIT = { done: 0, bug: 1, badInput: 2, failedCheck: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Runs one command line and says how it ended; prints errors, never exits. */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const setExitCode = (code: ExitCode) => {
    exitCode = code;
  };
  const commands = [
    sweepCommand(terminal, setExitCode),
    ...stageCommands(terminal, setExitCode),
    figuresCommand(terminal),
    reportCommand(terminal),
    importCommand(terminal),
    infoCommand(terminal),
    doctorCommand(terminal, setExitCode),
    queryCommand(terminal),
    viewCommand(terminal),
    exportCommand(terminal),
    agreementCommand(terminal),
    compareCommand(terminal),
  ];
  try {
    const parser = yargs();
    for (const command of commands) parser.command(command as CommandModule);
    parser
      .scriptName('sorted-eval')
      .usage('$0 <command>\n\nCompares all exits of sorted language models.')
      .demandCommand(1, 'none')
      .strict()
      .locale('en')
      // Given twice, the last one counts; a list would reach code that reads a text.
      .parserConfiguration({ 'duplicate-arguments-array': false })
      .version(VERSION)
      .wrap(80)
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? usageError(message);
      });
    await parser.parseAsync([...args], {}, (_error, _argv, output) => {
      if (output) terminal.stdout.write(`${output}\n`);
    });
    return exitCode;
  } catch (error) {
    return report(error, terminal);
  }
}

function report(error: unknown, { stderr, signal }: Terminal): ExitCode {
  if (signal.aborted) {
    stderr.write('Interrupted. What was finished is stored; give the same command again to go on.\n');
    return EXIT.interrupted;
  }
  if (error instanceof InputError) {
    stderr.write(`sorted-eval: ${error.message}\n`);
    return EXIT.badInput;
  }
  stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.bug;
}

function usageError(message: string): InputError {
  return new InputError({
    code: 'bad-option',
    where: 'command line',
    expected: 'a command and its options',
    found: message,
    fix: 'See sorted-eval --help.',
  });
}
