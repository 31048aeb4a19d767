/** Commands whose results are stored need no server; others wait for it and say so. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { RESULTS_FILE } from '../../src/config/results-file.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openReadOnlyStore } from '../../src/store/database.ts';
import { runMain } from '../cli/run.ts';
import { writeSweep, writeTrio } from '../evaluate/trio.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { serve } from './served.ts';

const folder = tempFolder();
const EXITS = [2, 4];
const NAMES = ['sft', 'soft', 'judge'];
const SETUP = {
  comparisons: [{ a: 'soft', b: 'sft' }],
  // Two answers of this length leave no room in the judge's 640 tokens.
  generation: { maxNewTokens: 250, batchSize: 8 },
  kl: undefined,
  speed: undefined,
  limit: 1,
  limits: { malformedShare: 1 },
};
const KEY = 'SORTED_EVAL_TEST_SERVERS_DOWN';

beforeAll(() => {
  writeTrio(folder);
  for (const name of NAMES)
    importCheckpoint(join(folder, name), join(folder, 'served', name), { precision: 'fp32' });
});

function served(baseUrl: string, changes: object = {}) {
  const server = { baseUrl, maxTries: 1, apiKeyEnv: KEY };
  const models = Object.fromEntries(['sft', 'soft'].map((model) => [model, { server, model, exits: EXITS }]));
  const judge = { server, model: 'judge', decoding: 'verdict-only', maxNewTokens: 3 };
  return writeSweep(folder, { ...SETUP, models, judge, output: 'down', ...changes }, 'served.yaml');
}

const rowsOf = (output: string, sql: string) => {
  const store = openReadOnlyStore(join(folder, output, RESULTS_FILE));
  try {
    return store.all<Record<string, unknown>>(sql);
  } finally {
    store.close();
  }
};

const VERDICTS = `SELECT prompt_sha256, state, raw_text, slot_verdict, generated_tokens, prompt_tokens,
  json_extract(decoding_json, '$.cutTokens') AS cut, stop_reason FROM judgement ORDER BY prompt_sha256`;

describe('a sweep whose models and judge are served', () => {
  it('has the verdicts of the judge at hand, and goes on without servers where all is stored', async () => {
    vi.stubEnv(KEY, 'a-key-of-this-test');
    onTestFinished(() => void vi.unstubAllEnvs());
    const api = await serve(
      NAMES.map((name) => join(folder, 'served', name)),
      { key: 'a-key-of-this-test' },
    );
    const sweep = served(`${api.url}/v1`);
    const here = writeSweep(
      folder,
      { ...SETUP, models: pathsOf(['sft', 'soft']), output: 'here' },
      'here.yaml',
    );
    for (const [command, path] of [
      ['generate', here],
      ['judge', here],
      ['sweep', sweep],
    ] as const)
      expect(await runMain([command, path, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    const local = rowsOf('here', VERDICTS);
    expect(local.some(({ cut }) => Number(cut) > 0)).toBe(true);
    expect(rowsOf('down', VERDICTS)).toEqual(local);
    await api.end();

    const before = rowsOf('down', 'SELECT * FROM cell_score ORDER BY 1, 2, 3, 4, 5');
    vi.stubEnv(KEY, '');
    for (const command of ['score', 'judge', 'generate', 'speed', 'likelihood', 'sweep', 'report', 'plan']) {
      const { code, stderr } = await runMain([command, sweep]);
      expect({ command, code, stderr }).toMatchObject({ command, code: 0 });
      // These only read what is stored.
      if (['score', 'report'].includes(command)) expect(stderr).not.toContain(api.url);
    }
    expect(await runMain(['judge', sweep, '--reparse'])).toMatchObject({ code: 0, stderr: '' });
    expect(rowsOf('down', 'SELECT * FROM cell_score ORDER BY 1, 2, 3, 4, 5')).toEqual(before);

    vi.stubEnv(KEY, 'a-key-of-this-test');
    const answers = rowsOf('down', 'SELECT * FROM generation');
    const more = served(`${api.url}/v1`, { limit: 2, name: 'more' });
    const refused = await runMain(['sweep', more, '--quiet', '--wait-for-server', '1']);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^sorted-eval: models\.s\w+\.server: expected an answer of [^\n]+\n$/);
    expect(rowsOf('down', 'SELECT * FROM generation')).toEqual(answers);
  }, 180_000);
});

const pathsOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { path: name, exits: EXITS }]));
