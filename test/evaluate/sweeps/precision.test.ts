import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SweepConfig } from '../../../src/config/sweep-file.ts';
import { silentProgress } from '../../../src/core/progress.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import type { FolderModel } from '../../../src/sources/folder-source.ts';
import { prepareJudgeFolder } from '../../../src/sources/prepare-folder.ts';
import { prepareModels } from '../../../src/sources/sources.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
const options = { progress: silentProgress };
const { folder: path } = writeRandomCheckpoint(join(root, 'checkpoint'), { exits: [2, 4] });
/** The schema fills in the form of prompts. */
const prepare = (models: Readonly<Record<string, object>>) => {
  const entries = Object.entries(models).map(([name, model]) => [name, { prompt: 'alpaca', ...model }]);
  const read = Object.fromEntries(entries) as SweepConfig['models'];
  return prepareModels(read, { ...options, output: join(root, 'out'), instructions: [] });
};

it('one checkpoint at three precisions is three models that share no answer', async () => {
  const precisions = ['fp32', 'int8', 'int4'] as const;
  const entries = precisions.map((precision) => [precision, { path, precision }]);
  const models = [...(await prepare(Object.fromEntries(entries))).values()] as FolderModel[];
  expect(models.map(({ manifest }) => manifest.precision)).toEqual(precisions);
  const keys = models.flatMap((model) => [...model.keys.values()]);
  expect(new Set(keys).size).toBe(6);
});

it('without a precision a checkpoint is imported at fp32, and again at another once one is named', async () => {
  const [plain] = [...(await prepare({ again: { path } })).values()] as FolderModel[];
  expect(plain!.manifest.precision).toBe('fp32');
  const [int8] = [...(await prepare({ again: { path, precision: 'int8' } })).values()] as FolderModel[];
  expect(int8!.manifest.precision).toBe('int8');
  // A model folder is used where it lies; naming its precision only checks it.
  const [used] = [...(await prepare({ used: { path: int8!.folder, precision: 'int8' } })).values()];
  expect((used as FolderModel).keys).toEqual(int8!.keys);
  expect(
    await inputErrorOf(() => prepare({ used: { path: int8!.folder, precision: 'int4' } })),
  ).toMatchObject({
    code: 'bad-config',
    where: int8!.folder,
  });
});

it('a judge has a precision of its own', async () => {
  const folder = await prepareJudgeFolder({ path, precision: 'int4' }, join(root, 'out'), options);
  expect(readManifest(folder).precision).toBe('int4');
});

it('a checkpoint without exits.json is of the kind that the sweep file names, and a model folder of no other than its own', async () => {
  const { folder: bare } = writeRandomCheckpoint(join(root, 'bare'));
  const [named] = [...(await prepare({ named: { path: bare, kind: 'soft' } })).values()] as FolderModel[];
  expect(named!.manifest.kind).toBe('soft');
  const other = { used: { path: named!.folder, kind: 'sft' } };
  expect(await inputErrorOf(() => prepare(other))).toMatchObject({
    code: 'bad-config',
    found: 'one of soft',
  });
});

it('a checkpoint with heads from elsewhere is an early-exit model, imported again when they change', async () => {
  const golden = 'test/golden/exit-heads';
  const config = { path: join(golden, 'base'), heads: join(golden, 'heads.yaml') };
  const [first] = [...(await prepare({ heads: config })).values()] as FolderModel[];
  expect(first!.manifest).toMatchObject({ kind: 'early-exit', exits: [1, 2, 3, 4] });
  const again = [...(await prepare({ heads: config })).values()] as FolderModel[];
  expect(again[0]!.folder).toBe(first!.folder);
  const plain = [...(await prepare({ heads: { path: config.path } })).values()] as FolderModel[];
  expect(plain[0]!.folder).not.toBe(first!.folder);
  const error = await inputErrorOf(() => prepare({ heads: { ...config, path: first!.folder } }));
  expect(error).toMatchObject({ code: 'bad-config', where: first!.folder });
});
