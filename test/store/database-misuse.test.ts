import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { openReadOnlyStore, openStore } from '../../src/store/database.ts';
import { contentDump } from '../support/content-dump.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { closing, emptyStore, inputErrorOf, sampleStore } from './sample.ts';

/** The process is root's, and this is its main thread: mutation testing runs tests in others. */
const canBeNobody = process.getuid?.() === 0 && isMainThread;

describe('openStore, misused', () => {
  it('refuses a file of a newer version and leaves it as it is', () => {
    const store = emptyStore();
    store.run('PRAGMA user_version = 99');
    store.close();
    const before = readFileSync(store.path);
    const error = inputErrorOf(() => openStore(store.path));
    expect(error.code).toBe('newer-version');
    expect(error.message).toContain('version 99');
    expect(inputErrorOf(() => openReadOnlyStore(store.path)).code).toBe('newer-version');
    expect(readFileSync(store.path).equals(before)).toBe(true);
  });

  it('refuses a file that is not a database, and does not touch it', () => {
    const path = join(tempFolder(), 'results.db');
    writeFileSync(path, 'run,score\nnano,0.5\n'.repeat(100));
    expect(inputErrorOf(() => openStore(path)).code).toBe('bad-results');
    expect(inputErrorOf(() => openReadOnlyStore(path)).code).toBe('bad-results');
    expect(readFileSync(path, 'utf8')).toMatch(/^run,score/);
  });

  it('refuses a database of another program, and does not touch it', () => {
    const store = emptyStore();
    store.run('PRAGMA application_id = 7');
    store.close();
    const before = readFileSync(store.path);
    expect(inputErrorOf(() => openStore(store.path)).code).toBe('bad-results');
    expect(readFileSync(store.path).equals(before)).toBe(true);
  });

  it.each([0.9, 0.5, 0.01])('refuses a file cut to %f of its length', (share) => {
    const store = sampleStore();
    store.close();
    truncateSync(store.path, Math.floor(statSync(store.path).size * share));
    expect(inputErrorOf(() => openStore(store.path)).code).toBe('bad-results');
    expect(inputErrorOf(() => openReadOnlyStore(store.path)).code).toBe('bad-results');
  });

  it('refuses damaged pages when it meets them, as a bad file and not as a bug', () => {
    const store = sampleStore();
    store.close();
    const image = readFileSync(store.path);
    image.fill(0xa5, 4096 * 2);
    writeFileSync(store.path, image);
    const error = inputErrorOf(() => contentDump(closing(openReadOnlyStore(store.path))));
    expect(error.code).toBe('bad-results');
  });

  it('refuses a folder in the place of the file', () => {
    const folder = tempFolder();
    expect(inputErrorOf(() => openStore(folder)).code).toBe('bad-results');
    expect(inputErrorOf(() => openReadOnlyStore(folder)).code).toBe('bad-results');
  });

  it('refuses a file in the place of the folder', () => {
    const file = join(tempFolder(), 'reports');
    writeFileSync(file, '');
    const error = inputErrorOf(() => openStore(join(file, 'results.db')));
    expect(error.code).toBe('not-writable');
    expect(error.message).not.toContain('\n');
  });

  it('refuses where its write-ahead log cannot be made', () => {
    const store = emptyStore();
    store.close();
    mkdirSync(`${store.path}-wal`);
    expect(inputErrorOf(() => openStore(store.path)).code).toBe('not-writable');
  });

  it.skipIf(process.getuid?.() === 0)('refuses a read-only folder', () => {
    const folder = tempFolder();
    chmodSync(folder, 0o500);
    expect(inputErrorOf(() => openStore(join(folder, 'results.db'))).code).toBe('not-writable');
  });

  it.runIf(canBeNobody)('refuses a read-only folder, as the user nobody', () => {
    const folder = tempFolder();
    chownSync(folder, 65534, 65534);
    chmodSync(folder, 0o500);
    expect(asNobody(() => inputErrorOf(() => openStore(join(folder, 'results.db'))).code)).toBe(
      'not-writable',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(canBeNobody)('refuses a file of somebody else, as the user nobody', () => {
    const store = sampleStore();
    store.close();
    chmodSync(join(store.path, '..'), 0o755);
    expect(asNobody(() => inputErrorOf(() => openStore(store.path)).code)).toBe('not-writable');
    chmodSync(store.path, 0o600);
    expect(asNobody(() => inputErrorOf(() => openReadOnlyStore(store.path)).code)).toBe('not-readable');
  });
});

function asNobody<T>(work: () => T): T {
  process.seteuid!(65534);
  try {
    return work();
  } finally {
    process.seteuid!(0);
  }
}
