import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { judgeStage } from '../../../src/evaluate/stages/judge-stage.ts';
import { scoreStage } from '../../../src/evaluate/stages/score-stage.ts';
import { VIEWS } from '../../../src/store/views/views.ts';
import { displayWidth } from '../../../src/terminal/text-width.ts';
import { withSweep, writeSweep, writeTrio } from '../../evaluate/trio.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runBin, runMain } from '../run.ts';

const folder = tempFolder();
const db = join(folder, 'out', 'results.db');

beforeAll(async () => {
  writeTrio(folder);
  await withSweep(writeSweep(folder), async (sweep) => {
    await generateStage(sweep);
    await judgeStage(sweep);
    scoreStage(sweep);
  });
});

/** A small judged run in another folder, of schema version 1. */
function oldFile(): string {
  const path = join(folder, 'old results.db');
  writeFileSync(path, gunzipSync(readFileSync('test/golden/results-v1.db.gz')));
  return path;
}

describe('query', () => {
  it('lists every view when none is named', async () => {
    const { code, stdout } = await runMain(['query']);
    expect(code).toBe(0);
    for (const { name } of VIEWS) expect(stdout).toContain(name);
  });

  it('prints JSON that parses back', async () => {
    const { code, stdout } = await runBin(['query', 'responses', '--db', db, '--format', 'json']);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows).toHaveLength(54);
    expect(rows[0]).toMatchObject({ run: 'trio', model: 'early-exit', exit: 2 });
  });

  it('prints CSV that parses back', async () => {
    const sql = 'SELECT \'a,"b"\' AS quoted, count(*) AS answers FROM responses';
    const { code, stdout } = await runBin(['query', '--sql', sql, '--db', db, '--format', 'csv']);
    expect(code).toBe(0);
    expect(stdout.split(/\r?\n/)).toEqual(['quoted,answers', '"a,""b""",54', '']);
  });

  it('prints JSON lines and Markdown', async () => {
    const choice = ['quality', '--db', db, '--where', 'model=sft,exit=2', '--columns', 'model,exit,total'];
    const lines = await runMain(['query', ...choice, '--format', 'jsonl']);
    expect(lines.stdout).toBe('{"model":"sft","exit":2,"total":6}\n');
    const markdown = await runMain(['query', ...choice, '--format', 'md']);
    expect(markdown.stdout.split('\n')[2]).toBe('| sft | 2 | 6 |');
  });

  it('chooses rows and columns of a view', async () => {
    const rows = async (...choice: string[]) =>
      JSON.parse((await runMain(['query', 'responses', '--db', db, '--format', 'json', ...choice])).stdout);
    expect(await rows('--where', 'model=soft', '--limit', '2', '--columns', 'exit,model')).toEqual([
      { exit: 2, model: 'soft' },
      { exit: 2, model: 'soft' },
    ]);
    expect(await rows('--where', "model=it's, so")).toEqual([]);
    expect(await rows('--where', 'exit>2,model=soft', '--columns', 'exit')).not.toContainEqual({ exit: 2 });
    expect(await rows('--where', "exit > 1 + 1 AND model LIKE 'so%'")).toEqual(
      await rows('--where', 'exit>2,model=soft'),
    );
    expect(await rows('--where', 'instruction=Add 2 and 1.,exit=3')).toHaveLength(3);
    expect(await rows('--run', 'trio', '--limit', '0')).toEqual([]);
  });

  it('prints matrices in the order of the sweep file, with interval, n and mark where --detail asks for them', async () => {
    const { stdout } = await runMain(['query', 'scores', '--db', db]);
    const titles = [...stdout.matchAll(/^Score of (\S+) \(rows\) against (\S+)/gm)].map(([, a, b]) => [a, b]);
    expect(titles).toEqual([
      ['soft', 'sft'],
      ['soft', 'early-exit'],
    ]);
    const { stdout: detail } = await runMain(['query', 'scores', '--db', db, '--detail']);
    expect(detail).toMatch(/^soft@2 +–.*\n( +n 6)+\n\n/m);
    expect(detail).toContain('* p ≤ 0.05, corrected by Holm over the cells of the matrix');
    for (const line of detail.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(refusalOf(await runMain(['query', 'responses', '--db', db, '--detail']))).toContain(
      'a view of cells',
    );
  });

  it('prints a view of cells as matrices, in colour where that is wanted', async () => {
    const { code, stdout } = await runMain(['query', 'scores', '--db', db]);
    expect(code).toBe(0);
    expect(stdout).toContain('against sft@      2      3      4\n');
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n\n')).toHaveLength(2);
    vi.stubEnv('FORCE_COLOR', '1');
    const coloured = await runMain(['query', 'position_bias', '--db', oldFile()]);
    vi.unstubAllEnvs();
    expect(coloured.stdout).toContain('\u001b[48;5;');
    const rows = await runMain(['query', 'scores', '--db', db, '--columns', 'exit_a,exit_b,score']);
    expect(rows.stdout).toMatch(/^exit_a {2}exit_b +score\n/);
  });

  it('prints one pair to read, in 80 columns', async () => {
    const sql = 'SELECT instruction_id FROM responses WHERE position = 3 LIMIT 1';
    const { stdout: id } = await runMain(['query', '--sql', sql, '--db', db, '--format', 'csv']);
    const instruction = id.split('\r\n')[1]!;
    const pair = ['query', 'pair', '--db', db, '--instruction', instruction, '--a', 'soft@2', '--b', 'sft@4'];
    const { code, stdout } = await runMain(pair);
    expect(code).toBe(0);
    expect(stdout).toContain('Add 3 and 1.');
    expect(stdout).toContain('Write digits.');
    expect(stdout.match(/Verdict in soft against sft/g)).toHaveLength(2);
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const rows = JSON.parse((await runMain([...pair, '--format', 'json'])).stdout);
    expect(rows).toHaveLength(9);
  });

  it('reads a file of another folder and of an older version, which stays as it is', async () => {
    const old = oldFile();
    const before = readFileSync(old);
    const { stdout } = await runMain(['query', 'degenerate_answers', '--db', old, '--format', 'json']);
    expect(JSON.parse(stdout)).toHaveLength(2);
    expect(readFileSync(old).equals(before)).toBe(true);
  });

  it.each<[string, string[], RegExp]>([
    [
      'a results file that is not there',
      ['scores', '--db', '/no/results.db'],
      /\/no\/results\.db: expected a results file/,
    ],
    ['an unknown view', ['scors', '--db', db], /expected a view \(.*found "scors"\. Did you mean scores\?/],
    [
      'SQL that writes',
      ['--sql', 'DELETE FROM run', '--db', db],
      /--sql: expected one SELECT.*found "DELETE FROM run"/,
    ],
    [
      'SQL with a misspelled column',
      ['--sql', 'SELECT modle FROM responses', '--db', db],
      /found no such column: modle\. Did you mean model\?/,
    ],
    ['an unknown view before it opens the file', ['pairs', '--db', '/no/results.db'], /Did you mean pair\?/],
    [
      'a misspelled column to choose by',
      ['responses', '--where', 'modle=soft', '--db', db],
      /--where: expected a column of responses \(.*found "modle"\. Did you mean model\?/,
    ],
    [
      'a misspelled column to show',
      ['responses', '--columns', 'model,txt', '--db', db],
      /--columns: .*found "txt"\. Did you mean text\?/,
    ],
    [
      'a condition without a value',
      ['responses', '--where', 'model', '--db', db],
      /column=value.*--where model=soft/,
    ],
    [
      'a limit that is no number',
      ['responses', '--limit', 'x', '--db', db],
      /--limit: expected an integer of 0 or more \(rows\)/,
    ],
    ['a misspelled run', ['responses', '--run', 'tiro', '--db', db], /--run: .*Did you mean trio\?/],
    ['options of pair on a view', ['responses', '--a', 'soft@2', '--db', db], /found --a/],
    ['options of a view on pair', ['pair', '--where', 'exit=2', '--db', db], /query pair: .*found --where/],
    ['half a pair', ['pair', '--a', 'soft@2', '--db', db], /found no --instruction, --b/],
    [
      'a pair of an exit that is not there',
      ['pair', '--instruction', '0', '--a', 'soft@9', '--b', 'sft@4', '--db', db],
      /expected /,
    ],
    [
      'an unknown format',
      ['scores', '--db', db, '--format', 'xml'],
      /one of table, json, jsonl, csv, md as --format, found "xml"/,
    ],
    ['a view and SQL', ['scores', '--sql', 'SELECT 1', '--db', db], /expected --sql or <view>, found both/],
  ])('refuses %s', async (_, args, said) => {
    expect(refusalOf(await runMain(['query', ...args]))).toMatch(said);
  });

  it('takes the last of two values of an option', async () => {
    const { code, stdout } = await runMain([
      'query',
      'models',
      '--db',
      '/no/results.db',
      '--db',
      db,
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(3);
  });
});
