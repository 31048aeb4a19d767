import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/store/database.ts';
import { readRunSha256 } from '../../../src/store/read/run-hash.ts';
import { type JudgeRecord, saveJudge } from '../../../src/store/tables/judge-table.ts';
import { openRun, type RunSetup } from '../../../src/store/tables/run-table.ts';
import { saveScores } from '../../../src/store/tables/score-table.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { JUDGE, modelRecord, setup } from '../sample-run.ts';

const folder = tempFolder();
let files = 0;

function hashOf(change: Partial<RunSetup> = {}, judge: JudgeRecord = JUDGE, policy = 'average' as const) {
  const store = openStore(join(folder, `${files++}.db`));
  openRun(store, setup(change));
  saveJudge(store, 'nano', judge);
  saveScores(store, 'nano', policy, []);
  const hash = readRunSha256(store, 'nano');
  store.close();
  return hash;
}

describe('the hash of a run', () => {
  it('is the same in every results file of the same content', () => {
    expect(hashOf()).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf()).toBe(hashOf());
  });

  it.each<[string, Parameters<typeof hashOf>]>([
    ['weights', [{ models: [modelRecord('soft', 'others'), modelRecord('sft')] }]],
    ['instructions', [{ instructions: setup().instructions.slice(0, 2) }]],
    ['sweep file', [{ config: { seed: 2 } }]],
    ['judge', [{}, { ...JUDGE, judgeKey: 'b'.repeat(64) }]],
    ['judge that decodes', [{}, { ...JUDGE, decoding: { mode: 'beams' } }]],
    ['policy', [{}, JUDGE, 'pooled' as 'average']],
  ])('is another with another %s', (_, change) => {
    expect(hashOf(...change)).not.toBe(hashOf());
  });

  it('is not there for a run that is not there', () => {
    const store = openStore(join(folder, 'empty.db'));
    expect(readRunSha256(store, 'nano')).toBeUndefined();
    store.close();
  });
});
