import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../src/core/json.ts';
import { findRun, findRunOfSetup } from '../../../src/store/read/find-run.ts';
import { readRunSha256 } from '../../../src/store/read/run-hash.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { openRun, readRun } from '../../../src/store/tables/run-table.ts';
import { emptyStore, inputErrorOf } from '../sample.ts';
import { JUDGE, setup } from '../sample-run.ts';

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
    expect(findRunOfSetup(store, 'nano', config(1))).toEqual({ run: 'nano' });
    expect(findRunOfSetup(store, 'nano', config(2))).toEqual({ run: second });
  });

  it('tells that the newest of a name has another setup', () => {
    const { store, second, config } = storeOfThree();
    expect(findRunOfSetup(store, 'nano', config(3))).toEqual({ run: second, other: 'setup' });
    expect(findRunOfSetup(store, 'small', { name: 'small', seed: 7 })).toEqual({
      run: 'small',
      other: 'setup',
    });
  });

  it('does not take first tokens, which checkpoints decide, for another setup', () => {
    const store = emptyStore();
    openRun(store, setup({ config: { name: 'nano', firstTokens: { sft: 2 } } }));
    expect(findRunOfSetup(store, 'nano', { name: 'nano' })).toEqual({ run: 'nano' });
  });

  it('tells that the stored judge is another, if the file names one and the run stores its', () => {
    const store = emptyStore();
    openRun(store, setup({ config: { name: 'nano' } }));
    saveJudge(store, 'nano', { ...JUDGE, setup: { path: 'judge' } });
    const found = (judge?: JsonValue) => findRunOfSetup(store, 'nano', { name: 'nano' }, judge);
    expect(found({ path: 'judge' })).toEqual({ run: 'nano' });
    expect(found(undefined)).toEqual({ run: 'nano' });
    expect(found({ path: 'other' })).toEqual({ run: 'nano', other: 'judge' });
    saveJudge(store, 'nano', JUDGE);
    expect(found({ path: 'other' })).toEqual({ run: 'nano' });
  });
});
