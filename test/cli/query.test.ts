import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { VIEWS } from '../../src/store/views.ts';
import { generateStage } from '../../src/sweep/generate.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { withSweep, writeSweep, writeTrio } from '../sweep/trio.ts';
import { refusalOf, runBin, runMain } from './run.ts';

const folder = tempFolder();
const db = join(folder, 'out', 'results.db');

beforeAll(async () => {
  writeTrio(folder);
  await withSweep(writeSweep(folder), generateStage);
});

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
    ['an unknown format', ['scores', '--db', db, '--format', 'xml'], /"xml".*"table", "json", "csv"/],
    ['a view and SQL', ['scores', '--sql', 'SELECT 1', '--db', db], /sql and view/],
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
