import { describe, expect, it } from 'vitest';
import { createTables, table } from '../../../src/store/schema/table-type.ts';
import { openMemory } from '../../../src/store/sqlite-driver.ts';
import { fields, inserter, knownKeys } from '../../../src/store/tables/statements.ts';

const THING = table({
  name: 'thing',
  description: 'A thing.',
  columns: {
    thing_key: ['TEXT PRIMARY KEY', 'key'],
    owner: ['TEXT NOT NULL', 'owner'],
    size_mm: ['REAL', 'size', 'not measured'],
  },
  options: 'STRICT, WITHOUT ROWID',
});

function emptyThings() {
  const database = openMemory();
  database.execute(createTables([THING]));
  return database;
}

const ROW = { thingKey: 'a', owner: 'me', sizeMm: 1.5 };
const all = (database: ReturnType<typeof emptyThings>) =>
  database.all(`SELECT ${fields(...Object.keys(THING.columns))} FROM thing`);

describe('inserter', () => {
  it('puts each field into the column of its name, whatever their order in the file', () => {
    const database = openMemory();
    database.execute('CREATE TABLE thing (size_mm REAL, owner TEXT, thing_key TEXT)');
    inserter(THING, 'refuse')(database, ROW);
    expect(all(database)).toEqual([ROW]);
  });

  it('refuses a row that lacks a field, or has one of another type', () => {
    const insert = inserter(THING, 'refuse');
    // @ts-expect-error: no owner
    expect(() => insert(emptyThings(), { thingKey: 'a', sizeMm: 1 })).toThrow('Missing named parameter');
    // @ts-expect-error: a size in words
    expect(() => insert(emptyThings(), { ...ROW, sizeMm: 'wide' })).toThrow('cannot store TEXT value');
  });

  it('keeps the old row, refuses the new one, or replaces some columns', () => {
    const database = emptyThings();
    inserter(THING, 'refuse')(database, ROW);
    inserter(THING, 'keep')(database, { ...ROW, owner: 'you', sizeMm: null });
    expect(all(database)).toEqual([ROW]);
    expect(() => inserter(THING, 'refuse')(database, ROW)).toThrow('UNIQUE');
    inserter(THING, ['size_mm'])(database, { ...ROW, owner: 'you', sizeMm: null });
    expect(all(database)).toEqual([{ ...ROW, sizeMm: null }]);
  });
});

describe('fields', () => {
  it('selects columns under their names in camel case', () => {
    expect(fields('t.thing_key', 'owner', 't.owner')).toBe('t.thing_key AS thingKey, owner, t.owner');
  });
});

describe('knownKeys', () => {
  it('finds the keys that are stored, among the rows with a value where one is given', () => {
    const database = emptyThings();
    inserter(THING, 'keep')(database, ROW);
    inserter(THING, 'keep')(database, { ...ROW, thingKey: 'b', owner: 'you' });
    expect(knownKeys(database, THING, 'thing_key', ['a', 'b', 'c'])).toEqual(new Set(['a', 'b']));
    expect(knownKeys(database, THING, 'thing_key', ['a', 'b'], { owner: 'you' })).toEqual(new Set(['b']));
  });
});
