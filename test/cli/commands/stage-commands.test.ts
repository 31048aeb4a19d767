import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RESULTS_FILE } from '../../../src/config/results-file.ts';
import { openReadOnlyStore } from '../../../src/store/database.ts';
import { writeSweep, writeTrio } from '../../evaluate/trio.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { runMain } from '../run.ts';

describe('the commands of the stages', () => {
  it('make each its own part of the results, and the next none of it again', async () => {
    const folder = tempFolder();
    writeTrio(folder);
    const speed = { batchSizes: [1], steps: 1, repetitions: 1 };
    const sweep = writeSweep(folder, { speed, limits: { malformedShare: 1 } });
    const tables = ['generation', 'run_speed', 'judgement', 'kl_curve', 'likelihood', 'cell_score'];
    const filled = () => {
      const store = openReadOnlyStore(join(folder, 'out', RESULTS_FILE));
      const has = tables.filter((table) => store.get(`SELECT 1 FROM ${table} LIMIT 1`, {}) !== undefined);
      store.close();
      return has;
    };
    for (const [place, command] of ['generate', 'speed', 'judge', 'kl', 'likelihood', 'score'].entries()) {
      expect(await runMain([command, sweep, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
      expect(filled()).toEqual(tables.slice(0, place + 1));
    }
    const { stdout } = await runMain(['sweep', sweep]);
    expect(stdout).toMatch(/\n\d+ results known, 0 new/);
  });
});
