import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { withoutWalMode } from '../../src/store/wal-mode.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();

it('an image of a file in WAL mode opens in memory once the header names a rollback journal', () => {
  const path = join(folder, 'wal.db');
  const file = new Database(path);
  file.pragma('journal_mode = WAL');
  file.exec('CREATE TABLE t (x); INSERT INTO t VALUES (7)');
  file.close();
  const image = readFileSync(path);
  expect([...image.subarray(18, 20)]).toEqual([2, 2]);
  const memory = new Database(withoutWalMode(image));
  expect(memory.prepare('SELECT x FROM t').pluck().get()).toBe(7);
  expect(memory.pragma('journal_mode', { simple: true })).toBe('memory');
  memory.close();
});
