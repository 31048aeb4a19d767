/** Writes docs/gallery.md: every published figure with the command that draws it, read from the texts inside each PNG. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPngTexts } from '../src/figures/files/png-text.ts';
import { COMMAND_KEY, RUN_KEY } from '../src/figures/files/stamp.ts';
import { FIGURES } from '../src/figures/run/figure-list.ts';

export const GALLERY = fileURLToPath(new URL('../docs/gallery.md', import.meta.url));
export const RESULTS = join(dirname(GALLERY), 'results');

/** Markdown with a section for each folder of `results` that holds figures; links are relative to the folder above. */
export function galleryText(results: string): string {
  const folders = readdirSync(results, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  return `${INTRODUCTION}${names.map((name) => sectionOf(results, name)).join('')}`;
}

const INTRODUCTION = `# Gallery of figures

\`npm run gallery\` writes this page from the texts inside each PNG: \`sorted-eval run\` (the run's name and hash) and
\`sorted-eval command\`. [Figures for a paper](figures.md).
`;

function sectionOf(results: string, name: string): string {
  const files = readdirSync(join(results, name)).filter((file) => file.endsWith('.png'));
  const figures = files.sort(inReadingOrder).map((file) => figureText(results, `${name}/${file}`));
  return figures.length === 0 ? '' : `\n## ${name}\n\n${figures.join('\n')}`;
}

/** A run's own figures as the list of figures has them, then all others by name. */
function inReadingOrder(one: string, other: string): number {
  return rankOf(one) - rankOf(other) || one.localeCompare(other);
}

function rankOf(file: string): number {
  const place = FIGURES.findIndex(({ name }) => file === `${name}.png`);
  return place === -1 ? FIGURES.length : place;
}

function figureText(results: string, link: string): string {
  const texts = readPngTexts(readFileSync(join(results, link)));
  const title = (texts.get('Title') ?? link).replace(/[[\]]/g, '');
  return `![${title}](results/${link})\n\n${originOf(texts, dirname(link))}\n`;
}

function originOf(texts: ReadonlyMap<string, string>, folder: string): string {
  const command = fromRoot(texts.get(COMMAND_KEY) ?? 'sorted-eval figures --db results.db', folder);
  const found = /^(.*) (\w{12})\w*$/s.exec(texts.get(RUN_KEY) ?? '');
  const run = found ? `Run ${found[1]}, \`${found[2]}…\`` : withoutRun(texts);
  return `${run}: \`${command.startsWith('npm ') ? '' : 'npx '}${command}\``;
}

function withoutRun(texts: ReadonlyMap<string, string>): string {
  return texts.has(COMMAND_KEY) ? 'Of no run' : 'Drawn before figures carried the name of their run';
}

/** Commands in figures give bare file names; here they are relative to the repository's root. */
function fromRoot(command: string, folder: string): string {
  return command
    .replace(/ (compare|--published) (\S+)/, ' $1 eval-data/published/$2')
    .replace(/ --db (\S+)/, ` --db reports/${folder}/$1`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(GALLERY, galleryText(RESULTS));
