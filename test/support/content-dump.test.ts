import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/sha256.ts';
import { saveResponses } from '../../src/store/tables/response-table.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { saveChecks } from '../../src/store/tables/score-table.ts';
import { emptyStore, sampleStore } from '../store/sample.ts';
import { responsesOf, setup } from '../store/sample-run.ts';
import { contentDump } from './content-dump.ts';
import { saveTimed } from './timed-speed.ts';

const SOFT4 = { model: 'soft', exit: 4 };

describe('contentDump', () => {
  it('is the same whenever and in whatever order the work was done, and says so when a text differs', () => {
    const dumps = [
      ['soft', 'sft'],
      ['sft', 'soft'],
    ].map((order, delay) => {
      const store = emptyStore();
      openRun(store, setup());
      for (const model of order) {
        const { responses, mappings } = responsesOf(model, 4, { 'i-add': '3', 'i-cap': 'Rome' });
        const timed = responses.map((each) => ({ ...each, durationMs: 100 * delay }));
        saveResponses(store, 'nano', { responses: timed, mappings });
      }
      saveTimed(store, 'nano', [{ ...SOFT4, batchSize: 1, tokens: 1, durationsMs: [1 + delay] }]);
      saveChecks(store, 'nano', [{ name: 'speed', passed: true, detail: `${delay} ms`, isBadge: true }]);
      return contentDump(store);
    });
    expect(dumps[0]).toEqual(dumps[1]);
    expect(JSON.stringify(dumps[0])).toContain(sha256('i-cap'));
    expect(JSON.stringify(contentDump(sampleStore()))).not.toBe(JSON.stringify(dumps[0]));
  });
});
