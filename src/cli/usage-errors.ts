/** What yargs finds wrong with a command line, said as every other mistake: expected, found, what to do. */
import type { InputError } from '../core/errors.ts';
import { misspelled } from '../core/nearest.ts';
import { badOption } from './options.ts';

/** What there is to choose from, for the nearest name. */
export interface KnownWords {
  /** As yargs takes them: `extract <folder> <out>`. */
  readonly commands: readonly string[];
  /** Options of the command that was given, without dashes. */
  readonly options: readonly string[];
}

interface Usage extends KnownWords {
  readonly args: readonly string[];
  /** As yargs takes it; undefined: none was given. */
  readonly command: string | undefined;
}

interface Words {
  readonly expected: string;
  readonly found: string;
  readonly hint?: string | undefined;
}

interface Rule {
  /** Of yargs' message. */
  readonly message: RegExp;
  readonly words: (match: RegExpExecArray, usage: Usage) => Words;
}

const RULES: readonly Rule[] = [
  { message: /^Unknown (?:argument|command)s?: ([^,]+)/, words: ([, word], usage) => unknown(word!, usage) },
  {
    message: /^Not enough non-option arguments: got (\d+)/,
    words: ([, got], usage) => missing(usage, Number(got)),
  },
  {
    message: /^Missing required arguments?: (.*)/,
    words: ([, options]) => ({ expected: `--${options!.replaceAll(', ', ' and --')}`, found: 'nothing' }),
  },
  {
    message: /^Not enough arguments following: (\S+)/,
    words: ([, option]) => ({ expected: `a value of --${option}`, found: 'none' }),
  },
  {
    message: /Argument: ([^,]+), Given: (.*), Choices: (.*)/,
    words: ([, option, given, choices]) => wrongChoice(option!, given!, choices!),
  },
  {
    message: /^Arguments (\S+) and (\S+) are mutually exclusive/,
    words: ([, one, other], usage) => {
      const [a, b] = [named(one!, usage.command), named(other!, usage.command)];
      return { expected: `${a} or ${b}`, found: 'both', hint: `Leave one of them out.` };
    },
  },
  {
    message: /\s(\S+) -> (\S+)/,
    words: ([, one, other]) => ({ expected: `--${other} beside --${one}`, found: 'none' }),
  },
];

/** What replaced the forms of earlier versions. */
const FORMER: Readonly<Record<string, string>> = {
  export: 'The results file is named by --db: `sorted-eval export report.html --db results.db`.',
};

/** The message of yargs as an error of ours, which names what was most likely meant. */
export function usageError(message: string, args: readonly string[], known: KnownWords): InputError {
  const command = known.commands.find((one) => nameOf(one) === args[0]);
  const name = command === undefined ? '' : ` ${nameOf(command)}`;
  const help = `See sorted-eval${name} --help.`;
  const { expected, found, hint } = wordsOf(message, { ...known, args, command });
  const fix = hint === undefined ? help : `${hint} ${help}`;
  return badOption(command === undefined ? 'command line' : nameOf(command), expected, found, fix);
}

function wordsOf(message: string, usage: Usage): Words {
  for (const { message: pattern, words } of RULES) {
    const match = pattern.exec(message);
    if (match) return words(match, usage);
  }
  return { expected: 'a command and its options', found: message };
}

function unknown(word: string, { args, command, commands, options }: Usage): Words {
  const option = args.find(
    (arg) => arg.replace(/^--?(no-)?/, '').split('=', 1)[0] === word && arg.startsWith('-'),
  );
  if (option !== undefined)
    return { expected: 'an option of this command', found: option, hint: meant('--', word, options) };
  if (command === undefined)
    return { expected: 'a command', found: quoted(word), hint: meant('', word, commands.map(nameOf)) };
  const hint = FORMER[nameOf(command)];
  return { expected: `at most \`${command}\``, found: `${quoted(word)} beside it`, hint };
}

function meant(dashes: string, word: string, words: readonly string[]): string | undefined {
  const near = misspelled(word, words);
  return near === undefined ? undefined : `Did you mean ${dashes}${near}?`;
}

/** Positional arguments that a command needs, by the names that its help has. */
function missing({ command, args }: Usage, got: number): Words {
  if (command === undefined) return { expected: 'a command', found: args.join(' ') };
  const names = command.match(/<[^>]+>/g) ?? [];
  const absent = names.slice(got).map((name) => name.replace('..', ''));
  return { expected: absent.join(' and '), found: 'nothing', hint: `Give \`sorted-eval ${command}\`.` };
}

function wrongChoice(option: string, given: string, choices: string): Words {
  // Words are quoted, numbers are not.
  const list = choices.split(', ').map((choice) => choice.replaceAll('"', ''));
  const hint = meant('', given.replaceAll('"', ''), list);
  return { expected: `one of ${list.join(', ')} as --${option}`, found: given, hint };
}

/** An option with its dashes, a positional argument of the command without. */
export function named(name: string, command = ''): string {
  return new RegExp(`[<[]${name}(\\.\\.)?[\\]>]`).test(command) ? `<${name}>` : `--${name}`;
}

/** Of a command as yargs takes it. */
export function nameOf(command: string): string {
  return command.split(' ', 1)[0]!;
}

const quoted = (word: string) => JSON.stringify(word);
