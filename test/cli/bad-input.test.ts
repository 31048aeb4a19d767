import { existsSync, mkdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openStore } from '../../src/store/database.ts';
import { writeInstructions, writeSweep } from '../evaluate/trio.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { filesBelow, refusalOf, runBin, runMain } from './run.ts';

const root = tempFolder();
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** A folder with instructions, one checkpoint `sft`, and a sweep file that goes with them. */
function prepare(name: string, sweep: Record<string, unknown> = {}, checkpoint: CheckpointOptions = {}) {
  const folder = join(root, name);
  mkdirSync(folder);
  writeInstructions(folder, 2);
  writeRandomCheckpoint(join(folder, 'sft'), { layers: 2, contextLength: 640, ...checkpoint });
  const models = { sft: { path: 'sft' } };
  writeSweep(folder, { models, comparisons: [], kl: undefined, judge: undefined, ...sweep });
  return folder;
}

type Refused = [title: string, change: (folder: string) => void, said: RegExp];
const weights = (folder: string) => join(folder, 'sft', 'model.safetensors');
const results = (folder: string) => join(folder, 'out', 'results.db');

const FILES: Refused[] = [
  [
    'a sweep file that is not there',
    (f) => unlinkSync(join(f, 'sweep.yaml')),
    /sweep\.yaml: .*found no such file/,
  ],
  [
    'instructions that are YAML',
    (f) => writeFileSync(join(f, 'instructions.json'), '- instruction: Add 1.\n'),
    /instructions\.json: line 1: expected JSON/,
  ],
  [
    'instructions that are a picture',
    (f) => writeFileSync(join(f, 'instructions.json'), PNG),
    /instructions\.json: expected text in UTF-8/,
  ],
  ['weights that are not there', (f) => unlinkSync(weights(f)), /model\.safetensors: .*found no such file/],
  ['weights cut off', (f) => truncateSync(weights(f), 20_000), /model\.safetensors.*found .* of 20000/],
  [
    'results of a newer version',
    (f) => {
      const store = openStore(results(f));
      store.run('PRAGMA user_version = 99');
      store.close();
    },
    /results\.db: .*found.*99/,
  ],
  [
    'results that are a text',
    (f) => {
      mkdirSync(join(f, 'out'));
      writeFileSync(results(f), 'run,score\nnano,0.5\n'.repeat(100));
    },
    /results\.db: expected .*results/,
  ],
  [
    'an output directory in the place of a file',
    (f) => writeFileSync(join(f, 'out'), 'in the way'),
    /out.*: expected .*found (ENOTDIR|EEXIST|a file)/,
  ],
];

const SWEEPS: [title: string, sweep: Record<string, unknown>, checkpoint: CheckpointOptions, said: RegExp][] =
  [
    ['a misspelled key', { comparsions: [] }, {}, /sweep\.yaml.*comparsions/],
    [
      'an exit that a model cannot have',
      { models: { sft: { path: 'sft', exits: [1, 3] } } },
      {},
      /found \[1, 3\]/,
    ],
    [
      'an exit that a comparison cannot have',
      { comparisons: [{ a: 'sft', b: 'sft', exitsB: [1, 7] }], judge: { path: 'sft' } },
      {},
      /comparisons\.0\.exitsB: expected one of the exits 1, 2 of sft, found 7/,
    ],
    ['a judge that is not there', { judge: { path: 'nobody' } }, {}, /nobody.*found no such folder/],
    [
      'a tensor of another shape',
      {},
      { config: { intermediate_size: 48 } },
      /gate_proj.*\[48, 32\].*\[40, 32\]/,
    ],
    ['another architecture', {}, { config: { model_type: 'gpt2' } }, /config\.json.*gpt2/],
  ];

describe.concurrent('a sweep is refused with one line and leaves everything as it was, given', () => {
  it.each(FILES)('%s', async (title, change, said) => {
    const folder = prepare(title);
    change(folder);
    const before = filesBelow(folder);
    const line = refusalOf(await runBin(['sweep', join(folder, 'sweep.yaml')]));
    expect(line).toMatch(said);
    expect(filesBelow(folder)).toEqual(before);
  });

  it.each(SWEEPS)('%s', async (title, sweep, checkpoint, said) => {
    const folder = prepare(title, sweep, checkpoint);
    const line = refusalOf(await runBin(['sweep', join(folder, 'sweep.yaml')]));
    expect(line).toMatch(said);
    expect(existsSync(results(folder))).toBe(false);
    expect([...filesBelow(folder).keys()].filter((path) => path.includes('.partial'))).toEqual([]);
  });
});

describe('--memory is refused', () => {
  it.each(['0', '-5', '1.5', 'much'])('as %s', async (value) => {
    const folder = prepare(`memory ${value}`);
    const line = refusalOf(await runMain(['judge', join(folder, 'sweep.yaml'), '--memory', value]));
    expect(line).toMatch(/--memory: expected an integer of 1 or more \(MB\), found/);
    expect(existsSync(results(folder))).toBe(false);
  });
});

describe('--workers is refused', () => {
  it.each(['0', '-1', '1.5', 'many'])('as %s', async (value) => {
    const folder = prepare(`workers ${value}`);
    const line = refusalOf(await runMain(['kl', join(folder, 'sweep.yaml'), '--workers', value]));
    expect(line).toMatch(/--workers: expected an integer of 1 or more, found/);
    expect(existsSync(results(folder))).toBe(false);
  });
});

describe('of an option that is given twice, the last counts', () => {
  it.each<[string[], RegExp]>([
    [['query', '--db', 'one.db', '--db', 'two.db'], /^sorted-eval: two\.db: expected a results file/],
    [['serve', 'folder', '--port', '80', '--port', '70000'], /--port: .* found 70000\./],
    [['serve', 'folder', '--host', 'one', '--host', 'two'], /--host: .* found two\./],
    [['calibrate', 'folder', 'file', '--limit', '1', '--limit', '0'], /--limit: .* found 0\./],
    [['merge', 'one.db', 'two.db', '--into', 'three.db', '--into', 'package.json'], /package\.json: /],
  ])('%j', async (args, said) => {
    expect(refusalOf(await runMain(args))).toMatch(said);
  });
});

describe('a sweep of imported models', () => {
  it('is refused in one line when its output directory has a file in its place', async () => {
    const folder = prepare('imported', { models: { sft: { path: 'folder' } } });
    importCheckpoint(join(folder, 'sft'), join(folder, 'folder'));
    writeFileSync(join(folder, 'out'), 'in the way');
    const line = refusalOf(await runMain(['generate', join(folder, 'sweep.yaml')]));
    expect(line).toMatch(/out.*: expected .*found (ENOTDIR|EEXIST|a file)/);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('in the way');
  });
});

describe('import is refused with one line and makes no folder, given', () => {
  const truncate = (f: string) => truncateSync(weights(f), 20_000);
  const nothing = () => {};
  it.each<[string, (folder: string) => void, string[], RegExp]>([
    [
      'exits that are no numbers',
      nothing,
      ['--exits', '3,x'],
      /--exits: expected layer numbers.*found "3,x"/,
    ],
    [
      'exits that no layer is',
      nothing,
      ['--exits', '1,9'],
      /the requested exits: expected ascending.*found \[1, 9\]/,
    ],
    ['weights of half the length', truncate, [], /model\.safetensors.*found .* of 20000/],
  ])('%s', async (title, change, options, said) => {
    const folder = prepare(title);
    change(folder);
    const before = filesBelow(folder);
    const args = ['import', join(folder, 'sft'), join(folder, 'imported'), ...options];
    expect(refusalOf(await runMain(args))).toMatch(said);
    expect(filesBelow(folder)).toEqual(before);
    expect(existsSync(join(folder, 'imported'))).toBe(false);
  });
});

describe('a finished run', () => {
  it('stays as it was when its sweep file becomes wrong', async () => {
    const folder = prepare('finished');
    expect((await runBin(['generate', join(folder, 'sweep.yaml')])).code).toBe(0);
    const before = readFileSync(results(folder), 'base64');
    const curves = [{ model: 'sft', reference: 'sft', referenceExit: 5 }];
    const models = { sft: { path: 'sft' } };
    writeSweep(folder, { models, comparisons: [], judge: undefined, kl: { curves } });
    const line = refusalOf(await runBin(['sweep', join(folder, 'sweep.yaml')]));
    expect(line).toMatch(/kl\.curves\.0\.referenceExit: expected one of the exits 1, 2 of sft, found 5/);
    expect(readFileSync(results(folder), 'base64')).toBe(before);
  });
});
