import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkExits,
  decideExits,
  defaultExits,
  readExitsFile,
} from '../../../src/model/checkpoint/exits-file.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('defaultExits', () => {
  it.each([
    [40, [12, 16, 20, 24, 28, 32, 36, 40]],
    [30, [9, 12, 15, 18, 21, 24, 27, 30]],
    [10, [3, 4, 5, 6, 7, 8, 9, 10]],
    [2, [1, 2]],
    [1, [1]],
  ])('of %i layers are 30 %% to 100 %% of the depth, each once', (layers, exits) => {
    expect(defaultExits(layers)).toEqual(exits);
  });

  it('end with the full depth and rise, whatever the depth', () => {
    for (let layers = 1; layers <= 100; layers++) {
      expect(() => checkExits(defaultExits(layers), layers, 'default')).not.toThrow();
    }
  });
});

describe('checkExits', () => {
  it.each([[[4]], [[1]], [[2, 3]], [[1, 2, 3, 4]]])('takes any rising layers of 4: %j', (exits) => {
    expect(() => checkExits(exits, 4, '--exits')).not.toThrow();
  });
});

describe('checkExits refuses', () => {
  it.each([
    ['none', []],
    ['layer 0', [0, 4]],
    ['a layer beyond the depth', [2, 5]],
    ['falling numbers', [3, 2, 4]],
    ['the same number twice', [2, 2, 4]],
  ])('%s', async (_, exits) => {
    const error = await inputErrorOf(() => checkExits(exits, 4, '--exits'));
    expect(error).toMatchObject({ code: 'unknown-exit', where: '--exits' });
    expect(error.message).toContain(`found [${exits.join(', ')}]`);
  });
});

describe('readExitsFile', () => {
  const folder = tempFolder();
  const write = (text: string) => writeFileSync(join(folder, 'exits.json'), text);

  it('finds nothing in a checkpoint without exits.json', () => {
    expect(readExitsFile(join(folder, 'elsewhere'))).toBeUndefined();
  });

  it('reads kind, exits and base', () => {
    write('{"kind": "early-exit", "exits": [2, 4], "base": "../sft"}');
    expect(readExitsFile(folder)).toEqual({ kind: 'early-exit', exits: [2, 4], base: '../sft' });
  });

  it.each([
    ['text that is not JSON', '{"kind"', 'not-json'],
    ['an unknown kind', '{"kind": "best", "exits": [4]}', 'bad-checkpoint'],
    ['a misspelled key', '{"kind": "soft", "exits": [4], "bsae": "x"}', 'bad-checkpoint'],
    ['no exits', '{"kind": "soft", "exits": []}', 'bad-checkpoint'],
    ['half a layer', '{"kind": "soft", "exits": [1.5]}', 'bad-checkpoint'],
  ])('refuses %s', async (_, text, code) => {
    write(text);
    const error = await inputErrorOf(() => readExitsFile(folder));
    expect(error.code).toBe(code);
    expect(error.where).toContain('exits.json');
  });
});

describe('decideExits', () => {
  const folder = tempFolder();
  const [bare, named] = [join(folder, 'bare'), join(folder, 'named')];
  for (const path of [bare, named]) mkdirSync(path);
  writeFileSync(join(named, 'exits.json'), '{"kind": "soft", "exits": [2, 4]}');

  it('takes the kind that is given for a checkpoint without exits.json, which is plain otherwise', () => {
    expect(decideExits(bare, 4, { kind: 'sft' })).toMatchObject({ kind: 'sft', exits: [1, 2, 3, 4] });
    expect(decideExits(bare, 4, { exits: [3] })).toMatchObject({ kind: 'plain', exits: [3] });
  });

  it('lets the kind of exits.json be repeated and refuses another', async () => {
    expect(decideExits(named, 4, { kind: 'soft' })).toMatchObject({ kind: 'soft', exits: [2, 4] });
    const error = await inputErrorOf(() => decideExits(named, 4, { kind: 'sft' }));
    expect(error).toMatchObject({ code: 'bad-option', where: join(named, 'exits.json'), found: 'sft' });
  });
});
