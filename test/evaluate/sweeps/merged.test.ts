import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { RESULTS_FILE } from '../../../src/config/results-file.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { openStore } from '../../../src/store/database.ts';
import { mergeFiles } from '../../../src/store/merge/merge-files.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
/** The same sweep file and models on machines of their own. */
const machine = (name: string) => join(folder, name);
const at = (name: string) => join(machine(name), 'out', RESULTS_FILE);
const sweepOn = (name: string, changes = {}) =>
  writeSweep(machine(name), { speed: { batchSizes: [1], steps: 1, repetitions: 1 }, ...changes });
const into = (name: string) => {
  mkdirSync(join(machine(name), 'out'), { recursive: true });
  return at(name);
};

beforeAll(async () => {
  for (const name of ['answered', 'whole', 'continued']) writeTrio(machine(name));
  await withSweep(sweepOn('answered'), (sweep) => generateStage(sweep));
  await withSweep(sweepOn('whole'), runSweep);
}, 120_000);

/** A copy of a results file with a change to it. */
function changed(from: string, name: string, sql: string): string {
  cpSync(at(from), into(name));
  const database = new Database(at(name));
  database.exec(sql);
  database.close();
  return at(name);
}

describe('two results files that are merged', () => {
  it('have what either has, whichever comes first', () => {
    for (const [name, files] of [
      ['ab', ['answered', 'whole']],
      ['ba', ['whole', 'answered']],
    ] as const) {
      mergeFiles(files.map(at), into(name), () => {});
      expect(dumpOf(join(machine(name), 'out'))).toEqual(dumpOf(join(machine('whole'), 'out')));
    }
  });

  it('are a run that the same command continues without computing anything', async () => {
    mergeFiles([at('answered'), at('whole')], into('continued'), () => {});
    const progress = countingProgress();
    await withSweep(sweepOn('continued'), runSweep, progress);
    expect([...progress.computed.values()].reduce((sum, units) => sum + units, 0)).toBe(0);
  });

  it('keep runs of other setups under further keys', async () => {
    const shorter = { generation: { maxNewTokens: 2, batchSize: 8 } };
    await withSweep(sweepOn('continued', { ...shorter, output: 'other' }), (sweep) => generateStage(sweep));
    const other = join(machine('continued'), 'other', RESULTS_FILE);
    const [merged] = mergeFiles([at('whole'), other], into('both'), () => {});
    expect(merged!.runs).toMatchObject([{ from: 'trio', run: expect.stringMatching(/^trio~[0-9a-f]{8}$/) }]);
    const store = openStore(at('both'));
    expect(store.all('PRAGMA foreign_key_check')).toEqual([]);
    expect(store.get('SELECT count(*) AS rows FROM run')).toEqual({ rows: 2 });
    store.close();
  });

  it('that contradict each other are refused by name, and nothing is made', () => {
    const other = changed('answered', 'lying', "UPDATE generation SET text = text || '!' WHERE rowid = 1");
    const notes: string[] = [];
    const made = into('refused');
    expect(() => mergeFiles([at('whole'), other], made, (line) => notes.push(line))).toThrow(
      /found 1 rows with others/,
    );
    expect(notes).toEqual([expect.stringMatching(/^generation \["[0-9a-f]{64}"\]: another text$/)]);
    expect(existsSync(made)).toBe(false);
    expect(readdirSync(join(machine('refused'), 'out'))).toEqual([]);
  });

  it('may differ in wall times and in the last bits', () => {
    const other = changed(
      'whole',
      'slower',
      'UPDATE generation SET duration_ms = duration_ms + 1; UPDATE kl_value SET kl_nats = kl_nats + 1e-7',
    );
    const [merged] = mergeFiles([at('whole'), other], into('alike'), () => {});
    expect(merged!.added).toEqual({});
  });

  it('keep the speeds of the first machine and name those of the other, which stay as measurements', () => {
    const other = changed(
      'whole',
      'elsewhere',
      `UPDATE speed_measurement SET settings_json = json_set(settings_json, '$.machine', 'another CPU');
       PRAGMA foreign_keys = OFF;
       UPDATE speed_measurement SET speed_key = 'x' || speed_key;
       UPDATE speed_repetition SET speed_key = 'x' || speed_key;
       UPDATE run_speed SET speed_key = 'x' || speed_key;`,
    );
    const [merged] = mergeFiles([at('whole'), other], into('speeds'), () => {});
    expect(merged!.runs[0]!.otherSpeeds).toMatchObject({ others: ['another CPU'] });
    const rows = (file: string, table: string) => {
      const store = openStore(at(file));
      const { count } = store.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`, {})!;
      store.close();
      return count;
    };
    const { count } = merged!.runs[0]!.otherSpeeds!;
    const measured = rows('whole', 'speed_measurement');
    expect(rows('speeds', 'run_speed')).toBe(count);
    expect(rows('speeds', 'speed_measurement')).toBe(2 * measured);
    expect(merged!.added).toEqual({ speed_measurement: measured, speed_repetition: measured });
    // A run without any speed takes those of the other.
    const without = changed('whole', 'untimed', 'DELETE FROM run_speed');
    const [taken] = mergeFiles([without, other], into('taken'), () => {});
    expect(taken!.runs[0]!.otherSpeeds).toBeUndefined();
    expect(taken!.added).toMatchObject({ run_speed: count });
  });

  it('go nowhere that is taken', () => {
    expect(() => mergeFiles([at('whole'), at('answered')], at('whole'), () => {})).toThrow(
      /a path where nothing is/,
    );
  });
});
