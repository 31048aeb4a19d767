import { describe, expect, it } from 'vitest';
import { compactImage } from '../../src/store/compact.ts';
import { queryView } from '../../src/store/read/query-view.ts';
import { openMemory } from '../../src/store/sqlite-driver.ts';
import { VIEWS } from '../../src/store/views/views.ts';
import { fullStore } from './full-store.ts';

describe('compactImage', () => {
  it('answers every documented view with the same rows', () => {
    const store = fullStore();
    const copy = openMemory(compactImage(store));
    for (const { name, columns, orderBy } of VIEWS) {
      const names = columns.map((column) => `"${column}"`).join(', ');
      const { rows } = copy.select(`SELECT ${names} FROM ${name} ORDER BY ${orderBy.join(', ')}`);
      expect(rows, name).toEqual(queryView(store, name).rows);
    }
    expect(copy.value('SELECT count(*) FROM kl_curves')).toBe(2);
    copy.close();
  });

  it('leaves out what only the curves are made of, and most of every key', () => {
    const copy = openMemory(compactImage(fullStore()));
    const tables = copy.values("SELECT name FROM sqlite_schema WHERE type = 'table'");
    expect(tables).not.toContain('kl_value');
    expect(copy.values('SELECT DISTINCT length(judgement_key) FROM judged_pair')).toEqual([16]);
    copy.close();
  });

  it('changes nothing in the file', () => {
    const store = fullStore();
    const before = store.image();
    compactImage(store);
    expect(Buffer.from(store.image()).equals(before)).toBe(true);
  });
});
