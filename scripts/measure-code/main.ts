/**
 * How long files and functions are, how much of them is comment, how many tests there are: the table in CONTRIBUTING.md.
 *
 *     npx tsx scripts/measure-code/main.ts [<a checkout of another commit>]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MeasuredFile, measureFile } from './measure-file.ts';

const root = process.argv[2] ?? '.';
const [all, page] = [filesBelow('src'), filesBelow(join('src', 'page'))];
const files = all.map(measureFile);
const functions = files.flatMap((file) => file.functions);
const published = functions.filter(({ isExported }) => isExported);
const tests = filesBelow('test').map((path) => readFileSync(path, 'utf8'));

const rows: readonly (readonly [string, string])[] = [
  ['files / lines of `src/`', `${files.length} / ${thousands(sum(files.map(({ lines }) => lines)))}`],
  ['lines of a file, median / 90 % / longest', spread(files.map(({ lines }) => lines))],
  ['lines of a function, median / 90 % / longest', spread(functions.map(({ lines }) => lines))],
  ['lines that are comment', `${commentShare(files)} (page ${commentShare(page.map(measureFile))})`],
  ['parameters, 90 % / most', spread(functions.map(({ parameters }) => parameters)).replace(/^\d+ \/ /, '')],
  [
    'letters of a function’s name, median',
    `${quantile(
      functions.map(({ name }) => name.length),
      0.5,
    )}`,
  ],
  [
    'exported functions with a doc comment',
    `${published.filter(({ isDocumented }) => isDocumented).length} / ${published.length}`,
  ],
  [
    'tests',
    `${countTests(tests)} in ${tests.filter((code) => countTests([code]) > 0).length} files, ${thousands(sum(tests.map((code) => code.split('\n').length - 1)))} lines`,
  ],
];
process.stdout.write(
  `| | |\n|---|---|\n${rows.map(([title, value]) => `| ${title} | ${value} |\n`).join('')}`,
);

function filesBelow(folder: string): string[] {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => /\.tsx?$/.test(path)).map((path) => join(root, folder, path));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function thousands(number: number): string {
  return number.toLocaleString('en-US');
}

/** The smallest number that this share of all does not exceed. */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

function spread(numbers: readonly number[]): string {
  return [0.5, 0.9, 1].map((share) => quantile(numbers, share)).join(' / ');
}

function commentShare(files: readonly MeasuredFile[]): string {
  const share =
    sum(files.map(({ commentLines }) => commentLines)) / sum(files.map(({ filledLines }) => filledLines));
  return `${(100 * share).toFixed(1)} %`;
}

function countTests(codes: readonly string[]): number {
  return sum(codes.map((code) => code.match(/^\s*(test|it)(\.\w+)*\(/gm)?.length ?? 0));
}
