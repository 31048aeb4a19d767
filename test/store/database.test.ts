import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReadOnlyStore, openStore, type Store } from '../../src/store/database.ts';
import { SCHEMA_VERSION } from '../../src/store/schema/schema-version.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { contentDump } from '../support/content-dump.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { closing, emptyStore, inputErrorOf, sampleStore } from './sample.ts';
import { setup } from './sample-run.ts';

describe('openReadOnlyStore', () => {
  it('refuses a file that does not exist and makes none', () => {
    const folder = tempFolder();
    expect(inputErrorOf(() => openReadOnlyStore(join(folder, 'results.db'))).code).toBe('not-found');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses an empty file', () => {
    const path = join(tempFolder(), 'results.db');
    writeFileSync(path, '');
    expect(inputErrorOf(() => openReadOnlyStore(path)).code).toBe('bad-results');
  });

  it('cannot write', () => {
    const store = emptyStore();
    openRun(store, setup());
    const reader = closing(openReadOnlyStore(store.path));
    expect(inputErrorOf(() => reader.run('DELETE FROM run')).code).toBe('not-readable');
  });

  it('sees what is finished while another connection writes, and nothing of what is not', () => {
    const store = emptyStore();
    const reader = closing(openReadOnlyStore(store.path));
    const countRuns = (): number => reader.all('SELECT run FROM run').length;
    store.transaction(() => {
      openRun(store, setup());
      expect(countRuns()).toBe(0);
    });
    expect(countRuns()).toBe(1);
  });

  it('reads a finished file where no shared memory can be made beside it', () => {
    const store = sampleStore();
    const dump = contentDump(store);
    store.close();
    mkdirSync(`${store.path}-shm`);
    expect(contentDump(closing(openReadOnlyStore(store.path)))).toEqual(dump);
  });
});

describe('openStore', () => {
  it('makes the folder and a file with foreign keys on, which is in WAL mode while it is written to', () => {
    const path = join(tempFolder(), 'reports', 'nano', 'results.db');
    const store = closing(openStore(path));
    const modeOf = (opened: Store) => opened.get('PRAGMA journal_mode');
    expect(modeOf(store)).toEqual({ journal_mode: 'delete' });
    store.transaction(() => {});
    expect(modeOf(store)).toEqual({ journal_mode: 'wal' });
    expect(store.get('PRAGMA synchronous')).toEqual({ synchronous: 1 });
    expect(store.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
    expect(store.get('PRAGMA application_id')).toEqual({ application_id: 0x534f5254 });
    store.close();
    expect(modeOf(closing(openReadOnlyStore(path)))).toEqual({ journal_mode: 'delete' });
  });

  it('takes an empty file, as a crash before the first write leaves it', () => {
    const path = join(tempFolder(), 'results.db');
    writeFileSync(path, '');
    expect(closing(openStore(path)).get('PRAGMA user_version')).toEqual({ user_version: SCHEMA_VERSION });
  });

  it('keeps what was written when the file is closed and opened again', () => {
    const store = sampleStore();
    const dump = contentDump(store);
    store.close();
    expect(contentDump(closing(openStore(store.path)))).toEqual(dump);
  });

  it('has STRICT tables and nothing else', () => {
    const tables = emptyStore().all<{ name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite%'",
    );
    expect(tables.length).toBe(25);
    expect(tables.filter(({ strict }) => strict === 0)).toEqual([]);
  });
});

describe('transaction', () => {
  it('leaves nothing when the work fails half way', () => {
    const store = emptyStore();
    const before = contentDump(store);
    const work = (): void => {
      openRun(store, setup());
      throw new Error('killed');
    };
    expect(() => store.transaction(work)).toThrow('killed');
    expect(contentDump(store)).toEqual(before);
  });

  it('keeps the error of the work, also one that speaks of files', () => {
    const store = emptyStore();
    const missing = (): Buffer => readFileSync('/nowhere/at/all');
    expect(() => store.transaction(missing)).toThrow('ENOENT');
    expect(() => store.transaction(missing)).not.toThrow('results file');
  });

  it('refuses asynchronous work', () => {
    expect(() => emptyStore().transaction(async () => 1)).toThrow(TypeError);
  });

  it('lets two writers take turns', () => {
    const store = emptyStore();
    const other = closing(openStore(store.path));
    openRun(store, setup());
    openRun(other, setup({ run: 'second' }));
    expect(store.all('SELECT run FROM run')).toEqual([{ run: 'nano' }, { run: 'second' }]);
  });
});
