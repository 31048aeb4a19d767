import { describe, expect, it } from 'vitest';
import { compactImage } from '../../src/store/compact.ts';
import { openMemory, type Store } from '../../src/store/database.ts';
import { queryView } from '../../src/store/read/query-view.ts';
import { saveKl } from '../../src/store/tables/kl-table.ts';
import { saveScores } from '../../src/store/tables/score-table.ts';
import { VIEWS } from '../../src/store/views/views.ts';
import { sampleStore } from './sample.ts';
import { generation } from './sample-run.ts';

/** The sample with a score and a divergence, so that no view is empty that need not be. */
function fullStore(): Store {
  const store = sampleStore();
  const counts = { wins: 1, losses: 0, ties: 2, malformed: 0, total: 3, score: 1 / 3 };
  const interval = { ciLow: 0, ciHigh: 1, pValue: 0.5, pHolm: 1 };
  const cell = { comparison: 'soft-vs-sft', exitA: 4, exitB: 4, malformedRule: 'dropped' as const };
  saveScores(store, 'nano', 'average', [{ ...cell, policy: 'average', ...counts, ...interval }]);
  const responseKey = generation('sft', 4, 'i-add', '3').responseKey;
  const pass = {
    klKey: 'k'.repeat(64),
    subModelKey: 's'.repeat(64),
    referenceKey: 'r'.repeat(64),
    responseKey,
  };
  const own = { curve: 'soft from sft@4', model: 'soft', exit: 4, instructionId: 'i-add', klKey: pass.klKey };
  saveKl(store, 'nano', {
    passes: [{ ...pass, settings: {}, klNats: [0.5, 0.25] }],
    curves: [{ ...own, referenceModel: 'sft', referenceExit: 4 }],
  });
  return store;
}

describe('compactImage', () => {
  it('answers every documented view with the same rows', () => {
    const store = fullStore();
    const copy = openMemory(compactImage(store));
    for (const { name, columns, orderBy } of VIEWS) {
      const names = columns.map((column) => `"${column}"`).join(', ');
      const rows = copy
        .prepare(`SELECT ${names} FROM ${name} ORDER BY ${orderBy.join(', ')}`)
        .raw()
        .all();
      expect(rows, name).toEqual(queryView(store, name).rows);
    }
    expect(copy.prepare('SELECT count(*) FROM kl_curves').pluck().get()).toBe(2);
    copy.close();
  });

  it('leaves out what only the curves are made of, and most of every key', () => {
    const copy = openMemory(compactImage(fullStore()));
    const tables = copy.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    expect(tables).not.toContain('kl_value');
    expect(copy.prepare('SELECT DISTINCT length(judgement_key) FROM judged_pair').pluck().all()).toEqual([
      16,
    ]);
    copy.close();
  });

  it('changes nothing in the file', () => {
    const store = fullStore();
    const before = store.image();
    compactImage(store);
    expect(Buffer.from(store.image()).equals(before)).toBe(true);
  });
});
