import yargs, { type Argv, type CommandModule } from 'yargs';
import { InputError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { printable } from '../terminal/text-width.ts';
import type { Command } from './command.ts';
import { agreementCommand } from './commands/agreement-command.ts';
import { calibrateCommand } from './commands/calibrate-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { exportCommand } from './commands/export-command.ts';
import { extractCommand } from './commands/extract-command.ts';
import { figuresCommand } from './commands/figures-command.ts';
import { importCommand } from './commands/import-command.ts';
import { infoCommand } from './commands/info-command.ts';
import { planCommand } from './commands/plan-command.ts';
import { promptsCommand } from './commands/prompts-command.ts';
import { queryCommand } from './commands/query-command.ts';
import { compareCommand } from './commands/results/compare-command.ts';
import { mergeCommand } from './commands/results/merge-command.ts';
import { serveCommand } from './commands/serve-command.ts';
import { stageCommands } from './commands/stage-commands.ts';
import { reportCommand, sweepCommand } from './commands/sweep-command.ts';
import { viewCommand } from './commands/view-command.ts';
import { asLimit } from './machine-limits.ts';
import { badOption } from './options.ts';
import { EXIT, type ExitCode, INTERRUPTED, type Terminal } from './terminal.ts';
import { named, nameOf, usageError } from './usage-errors.ts';

/** In the order of `--help`. */
const COMMANDS: readonly Command[] = [
  sweepCommand,
  planCommand,
  ...stageCommands,
  promptsCommand,
  figuresCommand,
  reportCommand,
  importCommand,
  extractCommand,
  infoCommand,
  doctorCommand,
  mergeCommand,
  queryCommand,
  serveCommand,
  viewCommand,
  exportCommand,
  agreementCommand,
  compareCommand,
  calibrateCommand,
];

const EXAMPLES: [string, string][] = [
  ['$0 sweep', 'run the bundled comparison, in minutes'],
  ['$0 view', 'read its results in the browser'],
  ['$0 query scores', 'print them as tables'],
];

/** Columns of `--help`. */
const HELP_WIDTH = 80;

/** Runs one command line and returns how it ended; prints errors, never exits. */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  // As of docker, gh and cargo: who types the name alone is shown what there is.
  const words = args.length === 0 ? ['--help'] : args;
  const parser = createParser(words, async (command, options) => {
    exitCode = await command.run(options, terminal);
  });
  try {
    await parser.parseAsync([...words], {}, (_error, _argv, output) => {
      if (output) terminal.stdout.write(printable(`${output}\n`));
    });
    return exitCode;
  } catch (error) {
    return report(error, terminal);
  }
}

/** What `sorted-eval --help` prints (under `''`), and `sorted-eval <command> --help` of every command, at 80 columns. */
export async function helpTexts(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const name of ['', ...COMMANDS.map(({ command }) => command.split(' ')[0]!)]) {
    const words = [name, '--help'].filter(Boolean);
    await createParser(words, async () => {}).parseAsync(words, {}, (_error, _argv, text) => {
      texts.set(name, text);
    });
  }
  return texts;
}

function createParser(
  args: readonly string[],
  run: (command: Command, options: unknown) => Promise<void>,
): Argv {
  const parser = yargs();
  for (const command of COMMANDS) {
    const handler = async (given: Record<string, unknown>) => {
      const options = lastOfRepeated(given, optionsOf(parser).array);
      refuseEmpty(command, options);
      refuseTexts(args, parser);
      await run(command, options);
    };
    const { command: usage, describe } = command;
    const builder = (own: Argv) => withValues(command.builder(own));
    parser.command({ command: usage, describe, builder, handler } as CommandModule);
  }
  return parser
    .scriptName('sorted-eval')
    .usage('$0 <command>\n\nCompares all exits of sorted language models.')
    .example(EXAMPLES)
    .completion('completion', 'print a script that completes commands and options in bash or zsh')
    .demandCommand(1)
    .strict()
    .locale('en')
    .version(VERSION)
    .wrap(HELP_WIDTH)
    .exitProcess(false)
    .fail((message, error) => {
      const commands = COMMANDS.map(({ command }) => command);
      if (error && error.name !== 'YError') throw error;
      throw usageError(message ?? error.message, args, {
        commands,
        options: Object.keys(optionsOf(parser).key),
      });
    });
}

/** What was declared so far; yargs' types leave the method out. */
function optionsOf(parser: Argv): Declared {
  return (parser as Argv & { getOptions: () => Declared }).getOptions();
}

interface Declared {
  readonly key: Readonly<Record<string, unknown>>;
  readonly array: readonly string[];
  readonly boolean: readonly string[];
  readonly string: readonly string[];
  readonly number: readonly string[];
}

/** Of an option that is given twice yargs makes a list; but for options that are lists, the last one counts. */
function lastOfRepeated(given: Readonly<Record<string, unknown>>, lists: readonly string[]) {
  const isList = (name: string) =>
    name === '_' || lists.some((list) => list.replaceAll('-', '') === name.replaceAll('-', '').toLowerCase());
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      Array.isArray(value) && !isList(name) ? value.at(-1) : value,
    ]),
  );
}

/** Without it `--limit` alone would be no limit, in silence. */
function withValues(args: Argv): Argv {
  const { string, number } = optionsOf(args);
  return args.requiresArg([...string, ...number]);
}

/** yargs takes any text for a no. */
function refuseTexts(args: readonly string[], parser: Argv): void {
  const { boolean } = optionsOf(parser);
  const [, name, value] =
    args
      .map((arg) => /^--(?:no-)?([\w-]+)=(.*)$/s.exec(arg) ?? [])
      .find(([, name, value]) => boolean.includes(name!) && !/^(true|false)$/.test(value!)) ?? [];
  if (name === undefined) return;
  const fix = `Write --${name} or --no-${name}.`;
  throw badOption('command line', `--${name} without a value`, JSON.stringify(value), fix);
}

/** As a variable that was never set leaves it; as a path it would mean the folder of the caller. */
function refuseEmpty({ command }: Command, options: Readonly<Record<string, unknown>>): void {
  const [option] = Object.entries(options).find(([, value]) => value === '') ?? [];
  if (option === undefined) return;
  const name = nameOf(command);
  throw badOption(
    name,
    `a value of ${named(option, command)}`,
    'an empty one',
    `See sorted-eval ${name} --help.`,
  );
}

function report(error: unknown, { stderr, signal }: Pick<Terminal, 'stderr' | 'signal'>): ExitCode {
  if (signal.aborted) {
    stderr.write(INTERRUPTED);
    return EXIT.interrupted;
  }
  const limit = asLimit(error);
  if (limit !== undefined) return report(limit, { stderr, signal });
  if (error instanceof InputError) {
    stderr.write(printable(`sorted-eval: ${error.message}\n`));
    return error.code === 'unanswered' ? EXIT.failedCheck : EXIT.badInput;
  }
  stderr.write(printable(`${error instanceof Error ? error.stack : String(error)}\n`));
  return EXIT.bug;
}
