/** Each fault that issue 20 names, driven through the command line: one line, code 2 or 3, and nothing stored that is not what it says. */

import { existsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RESULTS_FILE } from '../../src/config/results-file.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openReadOnlyStore } from '../../src/store/database.ts';
import { refusalOf, runMain } from '../cli/run.ts';
import { writeSweep, writeTrio } from '../evaluate/trio.ts';
import { LISTED, startListing } from '../sources/served/listed.ts';
import { call, dict, named, pickle, text } from '../support/pickle-file.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { archiveParts } from '../support/torch-file.ts';
import { zipBytes } from '../support/zip-file.ts';
import { serve } from './served.ts';

const folder = tempFolder();
const PLAIN = { comparisons: [], judge: undefined, kl: undefined, speed: undefined };
/** It has no speed, which would be timed after the answers. */
const MODEL = { ...LISTED, features: ['kl'] };
let count = 0;

beforeAll(() => {
  writeTrio(folder);
  for (const name of ['sft', 'soft'])
    importCheckpoint(join(folder, name), join(folder, 'served', name), { precision: 'fp32' });
});

/** Runs `generate`, or another command, on a sweep with an output folder of its own. */
async function run(sweep: object, command = 'generate') {
  const output = `out-${++count}`;
  const ended = await runMain([command, writeSweep(folder, { ...PLAIN, ...sweep, output }), '--quiet']);
  return { ended, rows: (sql: string) => rowsIn(join(folder, output, RESULTS_FILE), sql) };
}

function rowsIn(path: string, sql: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  const store = openReadOnlyStore(path);
  try {
    return store.all(sql);
  } finally {
    store.close();
  }
}

const GENERATIONS = 'SELECT state, text, token_ids AS ids FROM generation';

/** What a listing server answers with; `change` makes it a wrong one. */
function completion(ids: number[], change: object = {}) {
  const choice = { text: 'four', stop_reason: 'eos', token_ids: ids };
  const usage = { prompt_tokens: 9, completion_tokens: ids.length };
  return { system_fingerprint: 'f1', choices: [choice], usage, ...change };
}

describe('a served model', () => {
  it.each([
    ['that does not exist', { model: 'sofd' }, /models\.m\.model: .*found "sofd"/],
    ['without the exit', { model: 'soft', exits: [2, 9] }, /models\.m\.exits: .*found 9/],
  ])('%s is refused, and nothing is stored', async (_, named, said) => {
    const api = await serve([join(folder, 'served', 'soft')]);
    const { ended, rows } = await run({ models: { m: { server: { baseUrl: `${api.url}/v1` }, ...named } } });
    await api.end();
    expect(refusalOf(ended)).toMatch(said);
    expect(rows('SELECT * FROM run')).toEqual([]);
  });

  it('that a prompt does not fit into says so: the state is stored, or the sweep ends', async () => {
    const api = await serve([join(folder, 'served', 'soft')]);
    const long = [{ instruction: 'word '.repeat(400), input: '', output: '' }];
    writeFileSync(join(folder, 'long.json'), JSON.stringify(long));
    const server = { baseUrl: `${api.url}/v1` };
    const sweep = { instructions: 'long.json', models: { m: { server, model: 'soft', exits: [2] } } };
    const skipped = await run(sweep);
    const failed = await run({ ...sweep, generation: { maxNewTokens: 5, onLongPrompt: 'fail' } });
    await api.end();
    expect(skipped.ended).toMatchObject({ code: 0, stderr: '' });
    expect(skipped.rows(GENERATIONS)).toMatchObject([{ state: 'prompt_too_long', text: null }]);
    expect(refusalOf(failed.ended)).toMatch(/m@2, instruction .*context/);
    expect(failed.rows(GENERATIONS)).toEqual([]);
  });

  it('whose ids are beyond its own vocabulary is not believed: its answers are missing', async () => {
    const { place } = await startListing([MODEL], ({ model }) =>
      completion(model === 'soft@2' ? [5, 300] : [5, 1]),
    );
    const { ended, rows } = await run({ models: { soft: { server: place, model: 'soft' } } });
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(/^Missing: soft: answers 6 of 18\.[^\n]+\n$/);
    expect(rows(GENERATIONS)).toEqual(Array(12).fill({ state: 'answered', text: 'four', ids: '[5,1]' }));
  });

  it('of another vocabulary than its reference has no KL, and a server that refuses ids leaves it out', async () => {
    const other = { ...MODEL, id: 'sft', root: 'sft', vocab_size: 299 };
    const curves = [{ model: 'soft', reference: 'sft' }];
    const two = (place: object) => ({
      soft: { server: place, model: 'soft' },
      sft: { server: place, model: 'sft' },
    });
    const unequal = await startListing([MODEL, other], () => completion([5, 1]));
    const refused = await run({ models: two(unequal.place), kl: { curves } });
    expect(refusalOf(refused.ended)).toMatch(/kl\.curves\.0: expected two models with one vocabulary/);

    const message = 'continuation: expected token ids from 0 to 298, found 299';
    const equal = await startListing([MODEL, { ...MODEL, id: 'sft', root: 'sft' }], (_, path) =>
      path.endsWith('/kl') ? { status: 400, error: { message, code: 'invalid_value' } } : completion([5, 1]),
    );
    const output = `out-${count + 1}`;
    const setup = { models: two(equal.place), kl: { curves, positions: 4 } };
    expect((await run(setup)).ended).toMatchObject({ code: 0 });
    const sweep = writeSweep(folder, { ...PLAIN, ...setup, output });
    const ended = await runMain(['kl', sweep, '--quiet']);
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(/^Missing: KL: [^\n]+ 6 of 6\.[^\n]+\n$/);
    expect(rowsIn(join(folder, output, RESULTS_FILE), 'SELECT * FROM kl')).toEqual([]);
  });

  it('that changes under a running sweep ends it; what came before is stored', async () => {
    let answered = 0;
    const { place } = await startListing([MODEL], () =>
      completion([5, 1], ++answered > 4 ? { system_fingerprint: 'f2' } : {}),
    );
    const models = { soft: { server: { ...place, concurrency: 1 }, model: 'soft' } };
    const { ended, rows } = await run({ models });
    expect(refusalOf(ended)).toMatch(/soft: expected the model of fingerprint f1.*found another: f2/);
    expect(rows('SELECT * FROM answer')).toHaveLength(4);
    expect(rows('SELECT DISTINCT text FROM generation')).toEqual([{ text: 'four' }]);
  });

  it.each([
    ['another version', { ...MODEL, sorted_api: 2 }, /found version 2/],
    ['OpenAI’s API alone', { id: 'soft', object: 'model' }, /found one that names no version/],
  ])('of a server of %s is refused, and nothing is stored', async (_, listed, said) => {
    const { place } = await startListing([listed], () => completion([5, 1]));
    const { ended, rows } = await run({ models: { soft: { server: place, model: 'soft' } } });
    expect(refusalOf(ended)).toMatch(said);
    expect(rows('SELECT * FROM run')).toEqual([]);
  });
});

describe('a pickled checkpoint that holds more than tensors', () => {
  it('is refused by `serve` and by a sweep, and nothing of it runs or is imported', async () => {
    const shape = { layers: 2, format: 'torch' } as const;
    writeRandomCheckpoint(join(folder, 'pickled'), shape);
    const bin = join(folder, 'pickled', 'pytorch_model.bin');
    unlinkSync(bin);
    const mark = join(folder, 'it-ran');
    const runs = call(named('os', 'system'), text(`touch ${mark}`));
    writeFileSync(bin, zipBytes(archiveParts(pickle(dict({ x: runs })))));
    for (const args of [
      ['serve', join(folder, 'pickled')],
      ['import', join(folder, 'pickled'), join(folder, 'imported')],
    ])
      refusalOf(await runMain(args));
    const { ended, rows } = await run({ models: { m: { path: 'pickled' } } });
    refusalOf(ended);
    expect(rows('SELECT * FROM run')).toEqual([]);
    for (const path of [mark, join(folder, 'imported')]) expect(existsSync(path)).toBe(false);
  });
});
