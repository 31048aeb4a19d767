import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/sha256.ts';
import type { Store } from '../../src/store/database.ts';
import { MIGRATIONS, type Migration, migrate } from '../../src/store/migrations.ts';
import { SCHEMA_VERSION } from '../../src/store/schema/schema-version.ts';
import { openMemory } from '../../src/store/sqlite-driver.ts';
import { VIEW_STATEMENTS } from '../../src/store/views/views.ts';
import { emptyStore } from './sample.ts';

const NEXT: Migration = {
  version: SCHEMA_VERSION + 1,
  sql: "ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT ''",
};

function version(database: ReturnType<typeof openMemory>): unknown {
  return database.value('PRAGMA user_version');
}

describe('migrate', () => {
  it('has steps numbered 1, 2, … up to the version that this program writes', () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
    expect(MIGRATIONS.at(-1)?.version).toBe(SCHEMA_VERSION);
  });

  it('does what is missing, keeps the rows and makes the views anew', () => {
    const database = openMemory();
    migrate(database, MIGRATIONS, ['CREATE VIEW old AS SELECT run FROM run']);
    database.execute("INSERT INTO run VALUES ('nano', '{}', 'x', '0', 'now', NULL, NULL, NULL)");
    migrate(database, [...MIGRATIONS, NEXT], ['CREATE VIEW notes AS SELECT run, note FROM run']);
    expect(version(database)).toBe(NEXT.version);
    expect(database.all('SELECT * FROM notes')).toEqual([{ run: 'nano', note: '' }]);
    expect(() => database.all('SELECT * FROM old')).toThrow('no such table');
  });

  it('does nothing where nothing is missing', () => {
    const database = openMemory();
    migrate(database);
    const changes = () => database.value('SELECT total_changes()');
    const before = changes();
    migrate(database);
    expect(changes()).toBe(before);
  });

  it('leaves a file as it was when a step fails', () => {
    const database = openMemory();
    migrate(database);
    const broken = {
      version: NEXT.version,
      sql: 'CREATE TABLE extra (x TEXT) STRICT; CREATE TABLE run (x TEXT)',
    };
    expect(() => migrate(database, [...MIGRATIONS, broken])).toThrow('already exists');
    expect(version(database)).toBe(SCHEMA_VERSION);
    expect(() => database.all('SELECT * FROM extra')).toThrow('no such table');
    expect(() => database.all('SELECT * FROM scores')).not.toThrow();
  });

  it('refuses a step that leaves rows referring to nothing', () => {
    const database = openMemory();
    migrate(database);
    database.execute("INSERT INTO run VALUES ('nano', '{}', 'x', '0', 'now', NULL, NULL, NULL)");
    database.execute("INSERT INTO run_check VALUES ('nano', 'c', 1, '', 0)");
    const losing = { version: NEXT.version, sql: 'DELETE FROM run' };
    expect(() => migrate(database, [...MIGRATIONS, losing])).toThrow('refer to nothing');
    expect(database.value('SELECT count(*) FROM run')).toBe(1);
  });

  it('makes views that SQLite can parse from 3.37 on: no ORDER BY inside of an aggregate', () => {
    for (const sql of VIEW_STATEMENTS)
      expect(sql).not.toMatch(/\b(group_concat|sum|avg|count)\([^()]*ORDER BY/);
  });

  it('has a schema per version that does not change: a change is a new migration', () => {
    // Version 5 is released: a change is version 6.
    expect(schemaSha256(emptyStore())).toBe(
      '28e705e470bbdcd8d4184e548c2bdb89d4dc860c7f4e438442a26eac47cd94d7',
    );
    expect(MIGRATIONS.slice(0, 3).map(({ sql }) => sha256(sql))).toEqual([
      '15906418cf9d0373495a6e451bdbff31b48abc6d182e7ce4da7466b8cc1353f0',
      '0dc12fe76331257b59c1c42f9a4f211194541395c6a193831f86388f7a138b19',
      sha256(''),
    ]);
  });
});

function schemaSha256(store: Store): string {
  const rows = store.all<{ sql: string }>(
    'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name',
  );
  return sha256(rows.map(({ sql }) => sql).join(';\n'));
}
