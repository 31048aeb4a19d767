import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpTexts } from '../../src/cli/cli.ts';
import { EXIT, EXIT_MEANINGS } from '../../src/cli/terminal.ts';
import { writeSweep, writeTrio } from '../evaluate/trio.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { refusalOf, runBin, runMain } from './run.ts';

const COMMANDS = [
  'sweep',
  'generate',
  'speed',
  'judge',
  'kl',
  'likelihood',
  'score',
  'figures',
  'report',
  'import',
  'info',
  'doctor',
  'query',
  'view',
  'serve',
  'export',
  'extract',
  'agreement',
  'compare',
  'prompts',
  'plan',
  'merge',
  'calibrate',
];

describe('--help', () => {
  it('shows every command within 80 columns', async () => {
    const { code, stdout } = await runBin(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  sorted-eval ${command} `, 'm'));
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(COMMANDS)('explains %s and what it takes within 80 columns', async (command) => {
    const { code, stdout } = await runMain([command, '--help']);
    expect(code).toBe(EXIT.done);
    expect(stdout).toContain(`sorted-eval ${command}`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('the texts for the documentation', () => {
  it('are what --help prints, for the program and for every command', async () => {
    const texts = await helpTexts();
    expect([...texts.keys()].toSorted()).toEqual(['', ...COMMANDS].toSorted());
    for (const [command, text] of texts) {
      const { stdout } = await runMain(command === '' ? ['--help'] : [command, '--help']);
      expect(`${text}\n`, command).toBe(stdout);
    }
  });

  it('give every exit code a meaning', () => {
    expect(Object.keys(EXIT_MEANINGS)).toEqual(Object.keys(EXIT));
  });
});

describe('the name alone', () => {
  it('is the help with three examples, as of docker, gh and cargo', async () => {
    const { code, stdout } = await runMain([]);
    expect(code).toBe(EXIT.done);
    expect(stdout).toBe((await runMain(['--help'])).stdout);
    expect(/Examples:\n((?: {2}sorted-eval .*\n){3})/.exec(stdout)?.[1]).toContain('sorted-eval sweep');
  });
});

describe('a command line', () => {
  it.each<[string, string[], string]>([
    ['with an unknown option alone', ['-x'], 'command line: expected a command, found -x. See sorted-eval'],
    ['with an unknown command', ['swep'], 'expected a command, found "swep". Did you mean sweep? See'],
    ['with a command like no other', ['frobnicate'], 'expected a command, found "frobnicate". See'],
    ['with an unknown option', ['query', '--formt', 'csv'], 'found --formt. Did you mean --format? See'],
    [
      'with an unknown option that is off',
      ['score', '--no-wiat'],
      'found --no-wiat. Did you mean --wait? See',
    ],
    [
      'with an argument too many',
      ['info', 'a', 'b'],
      'expected at most `info <folder>`, found "b" beside it.',
    ],
    [
      'with an unknown choice',
      ['query', '--format', 'jsn'],
      'md as --format, found "jsn". Did you mean json?',
    ],
    ['with an unknown number', ['figures', '--columns', '3'], 'expected one of 1, 2 as --columns, found 3.'],
    [
      'with an option without its value',
      ['import', 'a', 'b', '--base'],
      'expected a value of --base, found none',
    ],
    [
      'with a number without its value',
      ['query', 'scores', '--limit'],
      'expected a value of --limit, found none',
    ],
    ['with a value for a switch', ['score', '--wait=5'], 'expected --wait without a value, found "5". Write'],
    [
      'with a results file beside a sweep file',
      ['figures', 'sweep.yaml', '--db', 'results.db'],
      'figures: expected --db or <sweep>, found both. Leave one of them out.',
    ],
    ['without an option that it needs', ['merge', 'a.db', 'b.db'], 'merge: expected --into, found nothing.'],
    [
      'with an empty option',
      ['import', 'a', 'b', '--base', ''],
      'import: expected a value of --base, found an empty one. See sorted-eval import --help.',
    ],
    [
      'with an empty folder',
      ['extract', '', 'out', '--exit', '1'],
      'extract: expected a value of <folder>, found an empty one',
    ],
    [
      'without the checkpoint',
      ['import'],
      'expected <checkpoint>, found nothing. Give `sorted-eval import <ch',
    ],
    ['without a folder to make', ['extract', 'a'], 'extract: expected <out>, found nothing. Give'],
  ])('%s is refused in words that show the way', async (_, args, said) => {
    const line = refusalOf(await runMain(args));
    expect(line).toContain(said);
    expect(line).toMatch(/(See sorted-eval.* --help|Write --wait or --no-wait)\.\n$/);
  });

  it('is explained in English whatever the locale', async () => {
    process.env['LC_ALL'] = 'de_DE.UTF-8';
    const { stderr } = await runMain(['swep']);
    delete process.env['LC_ALL'];
    expect(stderr).toContain('expected a command, found "swep"');
  });
});

describe('figures', () => {
  it.each([
    ['--format', 'png,gif', 'some of png, svg, pdf'],
    ['--dpi', '7', 'a number from 72 to 1200, found 7'],
    ['--dpi', 'many', 'a number from 72 to 1200, found NaN'],
  ])('refuses %s %s before anything is read', async (option, value, said) => {
    expect(refusalOf(await runMain(['figures', option, value]))).toContain(said);
  });
});

describe('a bug', () => {
  it('ends with 1 and shows its stack', async () => {
    const { code, stderr } = await runMain(['query'], () => {
      throw new TypeError('a bug of ours');
    });
    expect(code).toBe(EXIT.bug);
    expect(stderr).toMatch(/TypeError: a bug of ours\n +at /);
  });
});

describe('sweep', () => {
  it('ends with 3 when a check of the run fails, prints it, and ends with 0 once the limit allows it', async () => {
    const folder = tempFolder();
    writeTrio(folder);
    const failed = await runBin(['sweep', writeSweep(folder)]);
    expect(failed.code, failed.stderr).toBe(EXIT.failedCheck);
    expect(failed.stdout).toMatch(/FAILED {2}malformed verdicts: \d+ of 216/);
    expect(failed.stdout).toContain(join('out', 'scores.png'));
    const passed = await runMain(['score', writeSweep(folder, { limits: { malformedShare: 1 } })]);
    expect(passed.code).toBe(EXIT.done);
  });
});
