import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readSweepConfig } from '../../src/config/sweep-file.ts';
import { inputErrorOf } from '../support/failure.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();

const SMALLEST = {
  name: 'run',
  instructions: 'set.json',
  models: { m: { path: 'models/m' } },
  output: 'out',
};
const TWO = { models: { m: { path: 'm' }, n: { path: 'n' } }, judge: { path: 'j' } };

function write(text: string, name = 'sweep.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const read = (changes: object = {}) => readSweepConfig(write(stringify({ ...SMALLEST, ...changes })));

describe('a sweep file', () => {
  it('needs a name, instructions, models and an output; the rest has defaults', () => {
    expect(read().written).toEqual({
      ...SMALLEST,
      records: { turns: 'refuse', duplicates: 'refuse', ignoreKeys: [], columns: {} },
      models: { m: { path: 'models/m', prompt: 'alpaca' } },
      comparisons: [],
      generation: {
        ...{ decoding: 'greedy', repetitionPenalty: 1, maxNewTokens: 256, batchSize: 32 },
        ...{ onLongPrompt: 'skip', strip: [] },
      },
      policy: 'average',
      malformed: 'dropped',
      margin: 0.1,
      identical: 'ask',
      speed: { batchSizes: [1, 16], steps: 64, repetitions: 10 },
      limits: { malformedShare: 0.05 },
      seed: 1,
    });
    expect(read({ judge: { path: 'j' } }).written.judge).toEqual({
      path: 'j',
      protocol: 'pandalm',
      decoding: 'beams',
      beamRule: 'transformers-4.28',
      maxNewTokens: 512,
      batchSize: 32,
      strip: [],
    });
    expect(read({ kl: { curves: [] } }).written.kl?.positions).toBe(20);
  });

  it('keeps the defaults of a part of which only one key is given', () => {
    expect(read({ generation: { batchSize: 4 } }).written.generation).toEqual({
      decoding: 'greedy',
      repetitionPenalty: 1,
      maxNewTokens: 256,
      batchSize: 4,
      onLongPrompt: 'skip',
      strip: [],
    });
  });

  it('has paths relative to itself, and absolute ones', () => {
    const { config } = read({ judge: { path: '/far/judge' }, instructions: '../set.json' });
    expect(config.models['m']).toMatchObject({ path: join(folder, 'models/m') });
    expect(config.output).toBe(join(folder, 'out'));
    expect(config.instructions).toBe(join(folder, '../set.json'));
    expect(config.judge).toMatchObject({ path: '/far/judge' });
  });

  it('reads the same from every directory, without a path of the machine', () => {
    mkdirSync(join(folder, 'elsewhere'));
    const text = stringify({ ...SMALLEST, ...TWO, comparisons: [{ a: 'm', b: 'n' }] });
    const here = readSweepConfig(write(text)).written;
    const there = readSweepConfig(write(text, 'elsewhere/sweep.yaml')).written;
    expect(there).toEqual(here);
    expect(JSON.stringify(here)).not.toContain(folder);
  });
});

describe('a sweep file is refused', () => {
  it.each<[string, object, RegExp]>([
    ['a misspelled key', { comparsions: [] }, /comparsions/],
    ['a misspelled key within a part', { generation: { maxTokens: 5 } }, /generation.*maxTokens/],
    ['a misspelled key of a model', { models: { m: { path: 'm', exit: [1] } } }, /models\.m.*exit/],
    ['a text for a number', { limit: 'ten' }, /limit/],
    ['a limit of 0', { limit: 0 }, /limit/],
    ['a fraction for a count', { generation: { maxNewTokens: 2.5 } }, /generation\.maxNewTokens/],
    ['a share above 1', { limits: { malformedShare: 5 } }, /limits\.malformedShare/],
    ['an unknown policy', { policy: 'avrage' }, /policy/],
    ['no models', { models: {} }, /models.*at least one model/],
    ['a model name that is a path', { models: { '..': { path: 'm' } } }, /models/],
    ['a hidden model name', { models: { '.judge': { path: 'm' } } }, /models/],
    ['exits that fall', { models: { m: { path: 'm', exits: [4, 2] } } }, /models\.m\.exits.*ascending order/],
    [
      'an exit given twice',
      { models: { m: { path: 'm', exits: [2, 2] } } },
      /models\.m\.exits.*ascending order/,
    ],
    ['beams’ keys without beams', { generation: { numBeams: 4 } }, /generation.*decoding: beams/],
    ['one beam', { generation: { decoding: 'beams', numBeams: 1 } }, /generation\.numBeams/],
    ['no penalty at all', { generation: { repetitionPenalty: 0 } }, /generation\.repetitionPenalty/],
    ['a missing output', { output: undefined }, /output/],
  ])('for %s', async (_, changes, said) => {
    const error = await inputErrorOf(() => read(changes));
    expect(error.code).toBe('bad-config');
    expect(error.message).toMatch(said);
    expect(error.message).toContain(join(folder, 'sweep.yaml'));
  });

  it.each<[string, object, object, string]>([
    [
      'beams beside adaptive depth',
      { path: 'm', exits: [2, { adaptive: 0.9 }] },
      { decoding: 'beams' },
      'models.m.exits: expected greedy without a repetition penalty, beside adaptive or speculative depth, found beams',
    ],
    [
      'a penalty beside speculation',
      {
        path: 'm',
        exits: [2, { speculative: { draft: 2, tokens: 4 } }],
        generation: { repetitionPenalty: 1.2 },
      },
      {},
      'models.m.exits: expected greedy without a repetition penalty, beside adaptive or speculative depth, found a repetition penalty of 1.2',
    ],
    [
      'beams of a server',
      { endpoint: { baseUrl: 'http://a/v1' }, exits: { 2: 'two' } },
      { decoding: 'beams' },
      'models.m: expected greedy decoding, which a server is asked for, found generation.decoding: beams',
    ],
    [
      'a penalty on recorded responses',
      { answers: { 2: 'two.json' } },
      { repetitionPenalty: 1.2 },
      'models.m: expected no way of decoding for recorded responses, which are as they were written, found generation.repetitionPenalty: 1.2',
    ],
  ])('for %s, in one line', async (_, m, generation, message) => {
    const error = await inputErrorOf(() => read({ models: { m }, generation }));
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  });

  it.each<[string, object, string, string]>([
    ['as model a', { comparisons: [{ a: 'x', b: 'm' }] }, 'comparisons.0.a', '"x"'],
    [
      'as model b',
      {
        comparisons: [
          { a: 'm', b: 'n' },
          { a: 'm', b: 'M' },
        ],
      },
      'comparisons.1.b',
      '"M"',
    ],
    ['in a curve', { kl: { curves: [{ model: 'x', reference: 'm' }] } }, 'kl.curves.0.model', '"x"'],
    ['as a reference', { kl: { curves: [{ model: 'm', reference: 'x' }] } }, 'kl.curves.0.reference', '"x"'],
    [
      'with a name every object has',
      { comparisons: [{ a: 'toString', b: 'm' }] },
      'comparisons.0.a',
      '"toString"',
    ],
  ])('for an unknown model %s', async (_, changes, key, found) => {
    const error = await inputErrorOf(() => read({ ...TWO, ...changes }));
    expect(error.where).toBe(`${join(folder, 'sweep.yaml')}: ${key}`);
    expect(error.message).toContain(`expected one of the models m, n, found ${found}`);
  });

  it.each<[string, object, string]>([
    [
      'comparison',
      {
        comparisons: [
          { a: 'm', b: 'n' },
          { a: 'm', b: 'n', exitsA: [2] },
        ],
      },
      'comparisons.1',
    ],
    ['curve', { kl: { curves: ['m', 'n', 'm'].map((model) => ({ model, reference: 'm' })) } }, 'kl.curves.2'],
  ])('for the same %s twice', async (_, changes, key) => {
    const error = await inputErrorOf(() => read({ ...TWO, ...changes }));
    expect(error.where).toBe(`${join(folder, 'sweep.yaml')}: ${key}`);
  });

  it('for comparisons without a judge', async () => {
    const changes = { ...TWO, judge: undefined, comparisons: [{ a: 'm', b: 'n' }] };
    const error = await inputErrorOf(() => read(changes));
    expect(error.message).toContain('expected a judge for the comparisons, found none');
  });

  it.each([
    ['no YAML', 'name: [run\nmodels: }'],
    ['a key twice', 'name: a\nname: b\n'],
    ['a list', '- name: run\n'],
    ['nothing', ''],
    ['a picture', '\u0089PNG\r\n\u001a\n\u0000\u0000'],
  ])('for %s', async (_, text) => {
    const error = await inputErrorOf(() => readSweepConfig(write(text)));
    expect(error.code).toBe('bad-config');
  });

  it('where there is none', async () => {
    const missing = join(folder, 'none.yaml');
    const error = await inputErrorOf(() => readSweepConfig(missing));
    expect(error).toMatchObject({ code: 'not-found', where: missing });
  });

  it('where a folder is named', async () => {
    expect((await inputErrorOf(() => readSweepConfig(folder))).code).toBe('not-readable');
  });
});
