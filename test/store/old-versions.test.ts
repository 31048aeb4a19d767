import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openReadOnlyStore, openStore, type Store } from '../../src/store/database.ts';
import { queryView } from '../../src/store/read/query-view.ts';
import { SCHEMA_VERSION } from '../../src/store/schema/schema-version.ts';
import { VIEWS } from '../../src/store/views/views.ts';
import { contentDump } from '../support/content-dump.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { closing, inputErrorOf, rowsOf, sampleStore } from './sample.ts';

/** `sampleStore()` as sorted-eval wrote it while its schema had that version. */
function oldFile(version: number): string {
  const path = join(tempFolder(), 'results.db');
  writeFileSync(path, gunzipSync(readFileSync(`test/golden/results-v${version}.db.gz`)));
  return path;
}

const versionOf = (store: Store) => store.get('PRAGMA user_version');

describe.each([1, 2, 3, 4])('a results file of schema version %d', (version) => {
  it('is brought to the newest when a sweep opens it, and then holds what a new file holds', () => {
    const store = closing(openStore(oldFile(version)));
    expect(versionOf(store)).toEqual({ user_version: SCHEMA_VERSION });
    expect(contentDump(store)).toEqual(contentDump(sampleStore()));
    expect(rowsOf(store, 'answer_quality')).toHaveLength(6);
  });

  it('can be asked for every view, and stays as it is', () => {
    const path = oldFile(version);
    const before = readFileSync(path);
    const store = closing(openReadOnlyStore(path));
    const fresh = sampleStore();
    for (const { name } of VIEWS.filter(({ name }) => name !== 'runs')) {
      expect(queryView(store, name)).toEqual(queryView(fresh, name));
    }
    expect(inputErrorOf(() => store.run('DELETE FROM run')).code).toBe('not-readable');
    store.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
