import { describe, expect, it } from 'vitest';
import { defineRead, literalSql, read, readFirst } from '../../../src/store/read/read.ts';
import { emptyStore } from '../sample.ts';

describe('a read', () => {
  it('gives rows whose names are its columns in camel case', () => {
    const row = defineRead<{ exitA: number; meanKlNats: null }>('SELECT 6 AS exit_a, NULL AS mean_kl_nats');
    expect(read(emptyStore(), row)).toEqual([{ exitA: 6, meanKlNats: null }]);
    expect(readFirst(emptyStore(), defineRead('SELECT 1 WHERE 0'))).toBeUndefined();
  });

  it('of a view that an older file lacks gives no rows', () => {
    expect(read(emptyStore(), defineRead('SELECT * FROM later_view', {}, { needs: 'later_view' }))).toEqual(
      [],
    );
    expect(() => read(emptyStore(), defineRead('SELECT * FROM later_view'))).toThrow('later_view');
  });
});

describe('literalSql', () => {
  const params = { text: "it's @exit", exit: 6, share: -0.5, none: null, nul: 'a\0é' };
  const sql = `SELECT @text AS text, @exit AS "@exit", @share AS share, @none AS none, @nul AS nul, '@exit ''@text' AS kept`;

  it('puts values in the place of parameters, and gives the same row', () => {
    const store = emptyStore();
    const text = literalSql({ sql, params });
    expect(text).toContain(`'it''s @exit' AS text, 6 AS "@exit", -0.5 AS share, NULL AS none`);
    expect(text).toContain(`'@exit ''@text' AS kept`);
    expect(store.all(text)).toEqual(store.all(sql, params));
    expect(store.get<{ nul: string }>(text)!.nul).toBe('a\0é');
  });
});
