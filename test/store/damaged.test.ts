import { readFileSync, writeFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { openReadOnlyStore, openStore, type Store } from '../../src/store/database.ts';
import { queryView } from '../../src/store/read/query-view.ts';
import { readRunHead } from '../../src/store/read/run-head.ts';
import { readJudge } from '../../src/store/tables/judge-table.ts';
import { readResponses } from '../../src/store/tables/response-table.ts';
import { VIEWS } from '../../src/store/views/views.ts';
import { isDamagedFile } from '../support/damaged-file.ts';
import { seededRandom } from '../support/random.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { fullStore } from './full-store.ts';
import { closing, inputErrorOf } from './sample.ts';

/** A whole file with a page of its own for each thing, so that every page can be damaged. */
function wholeFile(): { path: string; bytes: Buffer; pageSize: number } {
  const store = fullStore();
  store.close();
  const bytes = readFileSync(store.path);
  return { path: `${tempFolder()}/results.db`, bytes, pageSize: bytes.readUInt16BE(16) };
}

describe('a damaged page', () => {
  it('is refused at opening, whatever it holds now', () => {
    const { path, bytes, pageSize } = wholeFile();
    const random = seededRandom(17);
    const pages = bytes.length / pageSize;
    let damaged = 0;
    for (let page = 1; page < pages; page++) {
      for (const kind of ['zeros', 'noise', 'another page'] as const) {
        const copy = Buffer.from(bytes);
        const place = copy.subarray(page * pageSize, (page + 1) * pageSize);
        if (kind === 'zeros') place.fill(0);
        if (kind === 'noise')
          place.forEach((_, index) => {
            place[index] = Math.floor(random.uniform() * 256);
          });
        if (kind === 'another page') bytes.copy(place, 0, ((page % (pages - 1)) + 1) * pageSize);
        writeFileSync(path, copy);
        if (!isDamagedFile(path)) continue;
        damaged++;
        expect(inputErrorOf(() => openReadOnlyStore(path)).code, `${kind}, page ${page}`).toBe('bad-results');
        expect(inputErrorOf(() => openStore(path)).code, `${kind}, page ${page}`).toBe('bad-results');
      }
    }
    expect(damaged).toBeGreaterThan(pages);
  });
});

describe('a letter of the stored schema that is another', () => {
  it.each([
    ['a view', 'view', 'scores', 'run', 'ruf'],
    ['a number in a view', 'view', 'position_bias', '1', '2'],
    ['a column of a table', 'table', 'generation', 'token_ids', 'token_idz'],
    ['another column of a table', 'table', 'run', 'config_json', 'config_jsom'],
  ])('is refused in %s', (_, type, name, from, to) => {
    const { path, bytes } = wholeFile();
    writeFileSync(path, bytes);
    changeSchema(path, { type, name, from, to });
    for (const open of [openReadOnlyStore, openStore])
      expect(inputErrorOf(() => open(path)).code).toBe('bad-results');
  });

  it('is not: views and tables of others in the file', () => {
    const store = fullStore();
    store.run('CREATE TABLE mine (x)');
    store.run('CREATE VIEW of_mine AS SELECT x FROM mine');
    store.close();
    closing(openReadOnlyStore(store.path));
    closing(openStore(store.path));
  });
});

function changeSchema(
  path: string,
  { type, name, from, to }: Readonly<Record<'type' | 'name' | 'from' | 'to', string>>,
): void {
  const database = new BetterSqlite3(path);
  database.unsafeMode();
  database.pragma('writable_schema = ON');
  const { changes } = database
    .prepare(`UPDATE sqlite_schema SET sql = replace(sql, @from, @to)
      WHERE type = @type AND name = @name AND instr(sql, @from) > 0`)
    .run({ type, name, from, to });
  database.close();
  expect(changes).toBe(1);
}

/** Everything that a command may read. */
function readAll(store: Store): void {
  for (const view of VIEWS) queryView(store, view.name);
  readRunHead(store, 'nano');
  readJudge(store, 'nano');
  readResponses(store, 'nano', { model: 'soft', exit: 4 });
}

describe('damaged JSON in a results file', () => {
  it.each([
    ['run', 'config_json'],
    ['judge', 'decoding_json'],
    ['judge', 'deviations_json'],
    ['generation', 'token_ids'],
  ])('is one line that names table %s, column %s and the key', (table, column) => {
    const { path, bytes } = wholeFile();
    writeFileSync(path, bytes);
    changeByte(path, { table, column }, () => ({ place: 0, byte: 'x' }));
    const errors = [openReadOnlyStore, openStore].map((open) => inputErrorOf(() => open(path)));
    for (const { code, where } of errors) {
      expect(code).toBe('bad-results');
      // The same text can stand in another table, too.
      expect(where).toMatch(new RegExp(`table \\w+, column ${column}, key \\S+`));
    }
  });

  it('is found where it is JSON of another kind', () => {
    const store = fullStore();
    store.run("UPDATE run SET config_json = '7'");
    store.run("UPDATE judge SET deviations_json = '[0]', decoding_json = '[]'");
    store.run("UPDATE generation SET token_ids = '[0.5]'");
    const wheres = [
      () => readRunHead(store, 'nano'),
      () => readJudge(store, 'nano'),
      () => readResponses(store, 'nano', { model: 'soft', exit: 4 }),
    ].map((work) => inputErrorOf(work).where);
    expect(wheres.map((where) => /column (\w+)/.exec(where)?.[1])).toEqual([
      'config_json',
      'decoding_json',
      'token_ids',
    ]);
  });

  it('is never a bug, whichever byte of whichever column is another', () => {
    const { path, bytes } = wholeFile();
    const random = seededRandom(7);
    for (let round = 0; round < 60; round++) {
      writeFileSync(path, bytes);
      damageOneByte(path, random.uniform);
      try {
        readAll(closing(openReadOnlyStore(path)));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});

function damageOneByte(path: string, uniform: () => number): void {
  const columns = query<{ table: string; column: string }>(
    path,
    `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_info(t.name) c
      WHERE t.type = 'table' AND (c.name LIKE '%json' OR c.name = 'token_ids')`,
  );
  changeByte(path, columns[Math.floor(uniform() * columns.length)]!, (length) => ({
    place: Math.floor(uniform() * length),
    byte: String.fromCharCode(32 + Math.floor(uniform() * 95)),
  }));
}

function query<Row>(path: string, sql: string): Row[] {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

/** In the bytes of the file, past all constraints: wherever the text stands, also in pages that are free. */
function changeByte(
  path: string,
  { table, column }: { table: string; column: string },
  choose: (length: number) => { place: number; byte: string },
): void {
  const [row] = query<{ text: string }>(
    path,
    `SELECT ${column} AS text FROM ${table} WHERE length(${column}) > 3`,
  );
  if (row === undefined) return;
  const bytes = readFileSync(path);
  const { place, byte } = choose(row.text.length);
  for (let at = bytes.indexOf(row.text); at !== -1; at = bytes.indexOf(row.text, at + 1)) {
    bytes.write(byte, at + place);
  }
  writeFileSync(path, bytes);
}
