import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/core/nearest.ts';
import { openReadOnlyStore, type Store } from '../../../src/store/database.ts';
import { querySql, queryView } from '../../../src/store/read/query-view.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { closing, inputErrorOf, sampleStore } from '../sample.ts';

function readOnlySample(): Store {
  const store = sampleStore();
  store.close();
  return closing(openReadOnlyStore(store.path));
}

describe('querySql, misused', () => {
  it.each([
    'DELETE FROM answer',
    '  -- a comment\n /* and\n another */ DELETE FROM answer',
    'DELETE FROM answer RETURNING run',
    'WITH gone AS (SELECT 1) DELETE FROM answer RETURNING run',
    "UPDATE run SET tool_version = 'x'",
    "INSERT INTO run SELECT 'x', '{}', 'x', 'x', 'x', NULL",
    'CREATE TEMP TABLE t (x)',
    'DROP VIEW scores',
    'PRAGMA writable_schema = 1',
    'PRAGMA journal_mode = DELETE',
    'PRAGMA user_version',
    'VACUUM',
    'BEGIN',
    'SELECT 1; DELETE FROM answer',
    'SELECT 1; SELECT 2',
    '',
    '-- nothing',
    ';',
    'selects',
  ])('refuses %j', (sql) => {
    const store = readOnlySample();
    const before = readFileSync(store.path);
    const error = inputErrorOf(() => querySql(store, sql));
    expect(error.code).toBe('bad-query');
    expect(error.message).not.toMatch(/\n/);
    store.close();
    expect(readFileSync(store.path).equals(before)).toBe(true);
  });

  it('refuses the same on a store that could write', () => {
    const store = sampleStore();
    for (const sql of [
      'DELETE FROM answer RETURNING run',
      'WITH a AS (SELECT 1) DELETE FROM answer RETURNING run',
    ]) {
      expect(inputErrorOf(() => querySql(store, sql)).code).toBe('bad-query');
    }
    expect(store.all('SELECT 1 FROM answer')).toHaveLength(6);
  });

  it('refuses to attach or make another file', () => {
    const store = readOnlySample();
    const other = join(tempFolder(), 'other.db');
    for (const sql of [`ATTACH '${other}' AS other`, `VACUUM INTO '${other}'`]) {
      expect(inputErrorOf(() => querySql(store, sql)).code).toBe('bad-query');
    }
    expect(existsSync(other)).toBe(false);
  });

  it('refuses to load an extension', () => {
    expect(inputErrorOf(() => querySql(readOnlySample(), "SELECT load_extension('x')")).code).toBe(
      'bad-query',
    );
  });

  it.each([
    ['SELECT scor FROM scores', 'Did you mean score?'],
    ['SELECT v.preferense FROM verdicts v', 'Did you mean preference?'],
    ['SELECT winss FROM cells', 'Did you mean wins?'],
    ['SELECT run FROM scores WHERE model_a = "soft"', 'single-quotes'],
    ['SELECT * FROM verdict', 'Did you mean verdicts?'],
    ['SELECT * FROM klcurves', 'Did you mean kl_curves?'],
    ['SELECT mean_kl', 'Did you mean mean_kl_nats?'],
    ['SELECT run FORM scores', 'syntax error'],
    ['SELECT nofunction(1)', 'no such function'],
  ])('answers %j with %s', (sql, hint) => {
    const error = inputErrorOf(() => querySql(readOnlySample(), sql));
    expect(error.code).toBe('bad-query');
    expect(error.message).toContain(hint);
  });
});

describe('querySql', () => {
  it.each(['SELECT', 'select', ' \n-- why\nSELECT', '/* why */ SELECT', 'WITH x AS (SELECT 1) SELECT'])(
    'takes %j',
    (start) => {
      expect(querySql(readOnlySample(), `${start} count(*) AS n FROM answer;`)).toEqual({
        columns: ['n'],
        rows: [[6]],
      });
    },
  );

  it('takes VALUES and EXPLAIN', () => {
    expect(querySql(readOnlySample(), 'VALUES (1, 2), (3, 4)').rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(
      querySql(readOnlySample(), 'EXPLAIN QUERY PLAN SELECT * FROM verdicts').rows.length,
    ).toBeGreaterThan(1);
  });

  it('keeps columns of the same name apart, and the column names of an empty result', () => {
    expect(querySql(readOnlySample(), 'SELECT 1 AS x, 2 AS x, 3 AS x_2, 4 AS x').columns).toEqual([
      'x',
      'x_2',
      'x_2_2',
      'x_3',
    ]);
    expect(querySql(readOnlySample(), 'SELECT run FROM run WHERE 0')).toEqual({ columns: ['run'], rows: [] });
  });

  it('keeps every digit of a large integer', () => {
    expect(querySql(readOnlySample(), 'SELECT 9007199254740993, -3, 1.5').rows).toEqual([
      [9007199254740993n, -3, 1.5],
    ]);
  });
});

describe('queryView', () => {
  it.each([
    ['score', 'scores'],
    ['Responses', 'responses'],
    ['exitspeed', 'exit_speed'],
    ['scores; DROP TABLE run', 'scores'],
  ])('refuses %j and names %s', (name, meant) => {
    const error = inputErrorOf(() => queryView(readOnlySample(), name));
    expect(error.code).toBe('bad-query');
    expect(error.message).toContain(`Did you mean ${meant}?`);
  });

  it('gives the rows in the order of the set', () => {
    const { columns, rows } = queryView(readOnlySample(), 'responses');
    expect(rows.map((row) => row[columns.indexOf('instruction_id')])).toEqual([
      ...['i-add', 'i-cap', 'i-free'],
      ...['i-add', 'i-cap', 'i-free'],
    ]);
  });
});

describe('nearest', () => {
  it.each([
    ['scroes', 'scores'],
    ['', 'runs'],
    ['x'.repeat(1_000_000), 'scores'],
    ['RUN', 'runs'],
  ])('of %.20s', (word, expected) => {
    expect(nearest(word, ['scores', 'verdicts', 'runs'])).toBe(expected);
  });
});
