/** docs/cli.md: what `--help` prints for every command, exit codes and environment variables. */
import { helpTexts } from '../../src/cli/cli.ts';
import { ENVIRONMENT } from '../../src/cli/environment.ts';
import { EXIT, EXIT_MEANINGS } from '../../src/cli/terminal.ts';
import { codeBlock, generatedFrom, table } from './markdown.ts';

export async function commandLinePage(): Promise<string> {
  const { '': overview, ...commands } = Object.fromEntries(await helpTexts());
  const sections = Object.entries(commands).map(([name, text]) => `## ${name}\n\n${codeBlock(text)}`);
  return [INTRODUCTION, codeBlock(overview!), ...sections, exitCodes(), environment(), ''].join('\n\n');
}

const INTRODUCTION = `# Command line

${generatedFrom('`--help` of every command')}

In a checkout, run commands as \`npx sorted-eval …\` after \`npm ci\`. Results go to stdout, progress and errors to stderr.

\`sorted-eval completion >> ~/.bashrc\` (bash 4 or later) or \`sorted-eval completion >> ~/.zshrc\` (zsh, after \`compinit\`) completes commands, options and
their choices in every new shell where \`sorted-eval\` is on the path.

\`--db\` names a results file and \`--run\` one of its runs, by key, name or the first digits of its hash, in every command that reads results; without them
it is the bundled run's file, and the newest run. Commands over a sweep file read what that file made.`;

function exitCodes(): string {
  const meanings = Object.entries(EXIT_MEANINGS) as [keyof typeof EXIT, string][];
  const rows = meanings.map(([name, meaning]) => [String(EXIT[name]), meaning]);
  return `## Exit codes\n\n${table(['Code', 'Meaning'], rows)}`;
}

function environment(): string {
  const rows = ENVIRONMENT.map(({ name, meaning }) => [`\`${name}\``, meaning]);
  return `## Environment variables\n\n${table(['Variable', 'Meaning'], rows)}\n\n${OTHER_VARIABLES}`;
}

const OTHER_VARIABLES = `CUDA: see [performance](performance.md#cuda). Keys of servers are read from the variables that \`apiKeyEnv\` names in the
[sweep file](sweep-file.md).`;
