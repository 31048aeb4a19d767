import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPngTexts } from '../../../src/figures/files/png-text.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';
import { PUBLISHED, writeScoredRun } from './scored-run.ts';

const folder = tempFolder();
const db = join(folder, 'results.db');
const out = (name: string) => join(folder, name);

beforeAll(() => writeScoredRun(db));

async function drawn(name: string, ...args: string[]): Promise<string[]> {
  const { code } = await runMain(['figures', ...args, '--out', out(name)]);
  expect(code).toBe(0);
  return readdirSync(out(name)).sort();
}

describe('figures --published', () => {
  it('draws the paper\u2019s matrices without any results', async () => {
    expect(await drawn('alone', '--published', PUBLISHED)).toEqual(['published.png']);
    const texts = readPngTexts(readFileSync(join(out('alone'), 'published.png')));
    expect(texts.get('Title')).toContain('SoFT against SFT, SoFT against SFT+ICT');
    expect(texts.get('sorted-eval command')).toBe('sorted-eval figures --published sorted-llama-table4.csv');
    expect(texts.has('sorted-eval run')).toBe(false);
  });

  it('sets a run beside, with its name and its command', async () => {
    const files = await drawn('beside', '--published', PUBLISHED, '--db', db, '--format', 'png,svg');
    expect(files).toEqual(['published.png', 'published.svg']);
    const texts = readPngTexts(readFileSync(join(out('beside'), 'published.png')));
    expect(texts.get('sorted-eval run')).toMatch(/^nano [0-9a-f]{64}$/);
    expect(texts.get('sorted-eval command')).toBe(
      'sorted-eval figures --published sorted-llama-table4.csv --db results.db --run nano',
    );
  });
});

describe('figures --style paper', () => {
  it('writes PDFs with their captions, and leaves the figures for screens as they are', async () => {
    expect(await drawn('both', '--db', db)).toEqual(['memory.png', 'scores.png']);
    const screen = readFileSync(join(out('both'), 'scores.png'));
    const files = await drawn('both', '--db', db, '--style', 'paper', '--columns', '1');
    expect(files).toEqual(
      ['memory', 'scores'].flatMap((name) => [`${name}-paper.pdf`, `${name}-paper.txt`, `${name}.png`]),
    );
    expect(readFileSync(join(out('both'), 'scores.png')).equals(screen)).toBe(true);
    expect(readFileSync(join(out('both'), 'scores-paper.pdf'), 'latin1')).toContain(
      '--style paper --columns 1',
    );
    expect(readFileSync(join(out('both'), 'scores-paper.txt'), 'utf8')).toMatch(
      /^Score by exit: soft against sft/,
    );
  });
});

describe('figures', () => {
  it.each<[string, string[], RegExp]>([
    ['columns of a screen', ['--db', db, '--columns', '1'], /--columns: expected it with --style paper/],
    ['a folder without a results file', ['--out', folder], /--out: expected it with --db or --published/],
    ['published scores that are not there', ['--published', '/no.csv'], /\/no\.csv: .*found no such file/],
  ])('refuses %s, and leaves nothing behind', async (_, args, said) => {
    expect(refusalOf(await runMain(['figures', ...args]))).toMatch(said);
    expect(existsSync('published.png')).toBe(false);
  });
});
