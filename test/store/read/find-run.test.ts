import { describe, expect, it } from 'vitest';
import { findRun, findRunOfSetup } from '../../../src/store/read/find-run.ts';
import { readRunSha256 } from '../../../src/store/read/run-hash.ts';
import { openRun, readRun } from '../../../src/store/tables/run-table.ts';
import { emptyStore, inputErrorOf } from '../sample.ts';
import { setup } from '../sample-run.ts';

/** Two runs of one name and one of another; the second of the first name is the newest. */
function storeOfThree() {
  const store = emptyStore();
  const config = (seed: number) => ({ name: 'nano', seed });
  openRun(store, setup({ config: config(1) }));
  openRun(store, setup({ run: 'small', config: { name: 'small' } }));
  const { run: second } = openRun(store, setup({ config: config(2) }));
  for (const [index, run] of ['nano', 'small', second].entries()) {
    store.run('UPDATE run SET started_at = @at WHERE run = @run', { run, at: `2026-01-0${index + 1}` });
  }
  return { store, second, config };
}

describe('findRun', () => {
  it('finds a run by its key, its name, and the beginning of either hash', () => {
    const { store, second } = storeOfThree();
    expect(second).toMatch(/^nano~[0-9a-f]{8}$/);
    for (const run of ['nano', 'small', second]) {
      expect(findRun(store, run)).toBe(run);
      expect(findRun(store, readRun(store, run)!.configSha256.slice(0, 8))).toBe(run);
      expect(findRun(store, readRunSha256(store, run)!)).toBe(run);
    }
  });

  it('takes the newest where nothing is named', () => {
    const { store, second } = storeOfThree();
    expect(findRun(store, undefined)).toBe(second);
  });

  it('takes the newest of a name that no run has for its key', () => {
    const { store } = storeOfThree();
    store.run("UPDATE run SET config_json = '{\"name\": \"shared\"}' WHERE run IN ('nano', 'small')");
    expect(findRun(store, 'shared')).toBe('small');
  });

  it('refuses an unknown name, too few digits, and a file without runs', () => {
    const { store, second } = storeOfThree();
    const { message } = inputErrorOf(() => findRun(store, 'smal'));
    expect(message).toContain('--run: expected a run of');
    expect(message).toContain('found "smal". Did you mean small?');
    const sevenDigits = readRun(store, second)!.configSha256.slice(0, 7);
    expect(inputErrorOf(() => findRun(store, sevenDigits)).code).toBe('bad-query');
    expect(inputErrorOf(() => findRun(emptyStore(), undefined)).message).toContain('sorted-eval sweep');
  });
});

describe('findRunOfSetup', () => {
  it('finds the run of the very setup, else the newest of the name', () => {
    const { store, second, config } = storeOfThree();
    expect(findRunOfSetup(store, 'nano', config(1))).toBe('nano');
    expect(findRunOfSetup(store, 'nano', config(2))).toBe(second);
    expect(findRunOfSetup(store, 'small', { name: 'small', seed: 7 })).toBe('small');
  });
});
