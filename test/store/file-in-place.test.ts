import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/database.ts';
import { requireStored } from '../../src/store/require-stored.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { closing, inputErrorOf } from './sample.ts';
import { setup } from './sample-run.ts';

function openSample() {
  const path = join(tempFolder(), 'results.db');
  return { path, store: closing(openStore(path)) };
}

const LOSSES: [string, (path: string) => void, RegExp][] = [
  ['deleted', (path) => rmSync(path), /results\.db: .*none: it was deleted or moved/],
  ['renamed', (path) => renameSync(path, `${path}.old`), /results\.db: .*none: it was deleted or moved/],
  [
    'replaced by an equal file',
    (path) => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
    /another file: it was replaced/,
  ],
  ['separated from its log', (path) => rmSync(`${path}-wal`), /results\.db-wal: .*none/],
];

describe('a results file that is lost while it is open', () => {
  it.each(LOSSES)('%s is found at the next transaction and at the end', (_, lose, message) => {
    const { path, store } = openSample();
    openRun(store, setup());
    requireStored(store);
    lose(path);
    for (const use of [() => openRun(store, setup({ run: 'second' })), () => requireStored(store)]) {
      const error = inputErrorOf(use);
      expect(error.code).toBe('not-writable');
      expect(error.message).toMatch(message);
    }
  });

  it('is no other file because it grows', () => {
    const { path, store } = openSample();
    writeFileSync(`${path}.beside`, '');
    openRun(store, setup());
    openRun(store, setup({ run: 'second' }));
    requireStored(store);
  });
});
