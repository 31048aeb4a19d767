/** Writes reports/README.md: every figure of every run with the command that draws it, as the PNGs themselves say it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPngTexts } from '../src/figures/files/png-text.ts';
import { COMMAND_KEY, RUN_KEY } from '../src/figures/files/stamp.ts';

export const REPORTS = fileURLToPath(new URL('../reports', import.meta.url));

/** Markdown; a section for each folder of `reports` that holds figures. */
export function galleryText(reports: string): string {
  const folders = readdirSync(reports, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  return `${INTRODUCTION}${names.map((name) => sectionOf(reports, name)).join('')}`;
}

const INTRODUCTION = `# Figures

Made by \`npm run gallery\` from what each PNG says of itself (its texts \`sorted-eval run\`, name and hash of the run, and
\`sorted-eval command\`). \`--format svg\` or \`pdf\` and \`--dpi 300\` give the same figures for print.
`;

function sectionOf(reports: string, name: string): string {
  const files = readdirSync(join(reports, name)).filter((file) => file.endsWith('.png'));
  const figures = files.sort().map((file) => figureText(join(reports, name, file), `${name}/${file}`));
  return figures.length === 0 ? '' : `\n## ${name}\n\n${figures.join('\n')}`;
}

function figureText(path: string, link: string): string {
  const texts = readPngTexts(readFileSync(path));
  const title = (texts.get('Title') ?? link).replace(/[[\]]/g, '');
  return `![${title}](${link})\n\n${originOf(texts, dirname(link))}\n`;
}

function originOf(texts: ReadonlyMap<string, string>, folder: string): string {
  const command = fromRoot(texts.get(COMMAND_KEY) ?? 'sorted-eval figures --db results.db', folder);
  const found = /^(.*) (\w{12})\w*$/s.exec(texts.get(RUN_KEY) ?? '');
  const run = found ? `Run ${found[1]}, \`${found[2]}…\`` : 'Drawn before figures said which run they are of';
  return `${run}: \`${command.startsWith('npm ') ? '' : 'npx '}${command}\``;
}

/** Commands in figures name files alone; here they are given in the repository's own folder. */
function fromRoot(command: string, folder: string): string {
  return command
    .replace(/ compare (\S+)/, ' compare eval-data/published/$1')
    .replace(/ --db (\S+)/, ` --db reports/${folder}/$1`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(REPORTS, 'README.md'), galleryText(REPORTS));
}
