import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOptions } from '../../scripts/bench/options.ts';
import { readRuns } from '../../scripts/bench/session-runs.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-runs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('counted runs', () => {
  it('are the sums of all sessions that were closed, in whichever thread', () => {
    const place = join(folder, 'runs.jsonl');
    const [one, two] = [
      { runs: 2, seconds: 0.5, layersFlops: 100, headsFlops: 0 },
      { runs: 3, seconds: 0.25, layersFlops: 0, headsFlops: 7 },
    ];
    writeFileSync(place, `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`);
    expect(readRuns(place)).toEqual({ runs: 5, seconds: 0.75, layersFlops: 100, headsFlops: 7 });
  });
});

describe('the short bench', () => {
  it('has smaller defaults, which other options override', () => {
    expect(readOptions([])).toMatchObject({ limit: 64, growth: [17, 170, 1700] });
    expect(readOptions(['--short'])).toMatchObject({ limit: 16, growth: [17, 170] });
    expect(readOptions(['--short', '--limit', '8'])).toMatchObject({ limit: 8, growth: [17, 170] });
  });
});
