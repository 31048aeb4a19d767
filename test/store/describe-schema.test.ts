import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/database.ts';
import { describeSchema } from '../../src/store/describe-schema.ts';
import { fullStore } from './full-store.ts';
import { emptyStore } from './sample.ts';

const { views, tables } = describeSchema();

describe('describeSchema', () => {
  it('describes every table of a new file, and every view that is not an inner one', () => {
    const names = (type: string) =>
      emptyStore()
        .all<{ name: string }>('SELECT name FROM sqlite_schema WHERE type = @type', { type })
        .map(({ name }) => name);
    expect(tables.map(({ name }) => name).sort()).toEqual(names('table').sort());
    const inner = [
      'run_judge',
      'pair_outcome',
      'answer_length',
      'pair_winner',
      'cell_agreement',
      'answer_correct',
      'answer_looks',
      'speed',
      'full_depth',
      'counting',
      'gap_cell',
      'judged_gap',
      'known_gap',
    ];
    expect([...views.map(({ name }) => name), ...inner].sort()).toEqual(names('view').sort());
  });

  it.each([...tables, ...views])('has exactly the columns of $name, in their order', ({ name, columns }) => {
    const rows = emptyStore().all<{ name: string }>('SELECT name FROM pragma_table_info(@name)', { name });
    expect(columns.map((column) => column.name)).toEqual(rows.map((row) => row.name));
  });

  it.each(tables)('gives the types of table $name, and says what NULL means where it may stand', (table) => {
    const rows = emptyStore().all<{ name: string; type: string; mayBeNull: number }>(
      `SELECT name, type, NOT ("notnull" OR pk) AS mayBeNull FROM pragma_table_info(@name)`,
      { name: table.name },
    );
    const described = table.columns.map(({ name, type, whenNull }) => ({
      ...{ name, type, mayBeNull: Number(whenNull !== undefined) },
    }));
    expect(described).toEqual(rows);
  });

  it.each(views)('gives the types that the rows of view $name have', ({ name, columns }) => {
    const store = fullStore();
    expect(store.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${name}`)!.rows).toBeGreaterThan(0);
    for (const column of columns) {
      const types = [column.type.toLowerCase(), ...(column.whenNull === undefined ? [] : ['null'])];
      for (const found of typesIn(store, name, column.name)) expect(types, column.name).toContain(found);
    }
  });

  it.each([...tables, ...views])(
    'says of every column of $name what it means',
    ({ description, columns }) => {
      expect(description).not.toBe('');
      for (const { name, meaning, whenNull } of columns) {
        expect(meaning, name).not.toBe('');
        expect(whenNull, name).not.toBe('');
      }
    },
  );
});

function typesIn(store: Store, view: string, column: string): string[] {
  const rows = store.all<{ type: string }>(`SELECT DISTINCT typeof("${column}") AS type FROM ${view}`);
  return rows.map(({ type }) => type);
}
