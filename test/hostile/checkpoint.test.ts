import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'vitest';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import * as cases from './checkpoint-cases.ts';
import { importDamaged, named } from './hostile-case.ts';
import { wrongBases, wrongShards } from './path-cases.ts';
import { longTexts, wrongTexts } from './text-cases.ts';

const root = tempFolder();
const shape = { layers: 2, exits: [1, 2] };
// A whole checkpoint: an import that followed a path to it would succeed.
const outside = writeRandomCheckpoint(join(root, 'outside'), shape).folder;
const intact = writeRandomCheckpoint(join(root, 'intact'), shape).folder;
writeFileSync(join(intact, 'generation_config.json'), '{"eos_token_id": 1}');
const sharded = writeRandomCheckpoint(join(root, 'sharded'), { ...shape, shards: 2 }).folder;
const earlyExit = writeRandomCheckpoint(join(root, 'early-exit'), {
  ...shape,
  kind: 'early-exit',
  base: intact,
}).folder;

const SETTINGS = ['config.json', 'exits.json', 'generation_config.json'];
const TOKENIZER = ['tokenizer.json', 'tokenizer_config.json'];
const INDEX = 'model.safetensors.index.json';

afterEach(() => {
  for (const name of ['damaged', 'models']) rmSync(join(root, name), { recursive: true, force: true });
});

describe.each([
  ['text', intact, wrongTexts([...SETTINGS, ...TOKENIZER])],
  ['text', sharded, wrongTexts([INDEX])],
  ['length', sharded, longTexts(['config.json', 'exits.json', INDEX])],
  ['config.json', intact, cases.wrongConfigs()],
  ['exits.json', intact, cases.wrongExits()],
  ['base', earlyExit, wrongBases(outside)],
  ['shard', sharded, wrongShards(outside)],
  ['tokenizer', intact, cases.wrongTokenizers()],
  ['generation_config.json', intact, cases.wrongGenerationConfigs()],
])('a checkpoint is refused for its %s, given', (_kind, checkpoint, hostile) => {
  it.each(named(hostile))('%s', async (_name, damage) => {
    await importDamaged(checkpoint, root, damage);
  });
});
