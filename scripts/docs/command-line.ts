/** docs/cli.md: what `--help` prints for every command, exit codes and environment variables. */
import { EXIT, main, type Terminal } from '../../src/cli/cli.ts';
import { ENDPOINT_KEYS, ENVIRONMENT } from './environment.ts';
import { codeBlock, generatedFrom, table } from './markdown.ts';

const EXIT_MEANINGS: Record<keyof typeof EXIT, string> = {
  done: 'Done.',
  bug: 'A bug in sorted-eval; the stack is printed.',
  badInput:
    'Bad input or options. One line names the place, what was expected, what was found and what to do next.',
  failedCheck:
    'Finished, but a check failed or answers are missing (a server did not answer). The same command computes only what is missing.',
  interrupted: 'Interrupted by Ctrl-C or SIGTERM. Finished work is stored; the same command continues.',
};

export async function commandLinePage(): Promise<string> {
  const overview = await helpOf([]);
  const names = [...overview.matchAll(/^ {2}sorted-eval ([a-z]+)/gm)].map((match) => match[1]!);
  const sections = await Promise.all(names.map(sectionOf));
  return [INTRODUCTION, codeBlock(overview), ...sections, exitCodes(), environment(), ''].join('\n\n');
}

const INTRODUCTION = `# Command line

${generatedFrom('`--help` of every command')}

In a checkout, run commands as \`npx sorted-eval …\` after \`npm ci\`. Results go to stdout, progress and errors to stderr.`;

async function sectionOf(name: string): Promise<string> {
  return `## ${name}\n\n${codeBlock(await helpOf([name]))}`;
}

/** The help text that the command line prints, 80 columns wide. */
async function helpOf(command: readonly string[]): Promise<string> {
  let text = '';
  const stream = { columns: 80, write: (part: string) => (text += part) } as unknown as NodeJS.WriteStream;
  const terminal: Terminal = { stdout: stream, stderr: stream, signal: new AbortController().signal };
  await main([...command, '--help'], terminal);
  return text;
}

function exitCodes(): string {
  const meanings = Object.entries(EXIT_MEANINGS) as [keyof typeof EXIT, string][];
  const rows = meanings.map(([name, meaning]) => [String(EXIT[name]), meaning]);
  return `## Exit codes\n\n${table(['Code', 'Meaning'], rows)}`;
}

function environment(): string {
  const rows = ENVIRONMENT.map(({ name, meaning }) => [`\`${name}\``, meaning]);
  return `## Environment variables\n\n${table(['Variable', 'Meaning'], rows)}\n\n${ENDPOINT_KEYS}`;
}
