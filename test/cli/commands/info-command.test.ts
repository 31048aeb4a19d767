import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { readSafetensorsHeader } from '../../../src/model/checkpoint/safetensors.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';

const root = tempFolder();
const nano = join(import.meta.dirname, '..', '..', '..', 'eval-data', 'nano', 'models');

async function infoOf(folder: string): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await runMain(['info', folder, '--format', 'json']);
  expect(code, stderr).toBe(EXIT.done);
  return JSON.parse(stdout) as Record<string, unknown>[];
}

/** Bytes of a safetensors file without its header. */
function numbersIn(path: string): number {
  const { fileBytes, tensors } = readSafetensorsHeader(path);
  return fileBytes - Math.min(...[...tensors.values()].map(({ offset }) => offset));
}

describe('info', () => {
  it('counts each sub-model’s parameters: all of the file at the last exit, a layer less at the one before', async () => {
    const rows = await infoOf(join(nano, 'soft'));
    const file = join(nano, 'soft', 'model.safetensors');
    expect(rows.map(({ exit }) => exit)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(rows.at(-1)).toMatchObject({
      form: 'checkpoint',
      kind: 'soft',
      layers: 10,
      precision: null,
      dtype: 'F32',
      tied_head: false,
      context_length: 1024,
      parameters: 1_821_824,
      bytes: numbersIn(file),
      all_bytes: numbersIn(file),
      head: 'lm_head.weight',
    });
    const parameters = rows.map((row) => row['parameters'] as number);
    // Query and output, key and value of half the heads, the MLP, two norms.
    const layer = 2 * 128 * 128 + 2 * 64 * 128 + 3 * 320 * 128 + 2 * 128;
    const steps = parameters.slice(1).map((count, index) => count - parameters[index]!);
    expect(new Set(steps)).toEqual(new Set([layer]));
  });

  it('tells of an early-exit model folder each exit’s own head, and all of them in the whole', async () => {
    const folder = join(root, 'early-exit');
    importCheckpoint(join(nano, 'early-exit'), folder);
    const rows = await infoOf(folder);
    expect(rows[0]).toMatchObject({ form: 'model folder', kind: 'early-exit', precision: 'fp32' });
    expect(rows.map(({ head }) => head)).toEqual([
      ...[3, 4, 5, 6, 7, 8, 9].map((exit) => `exit_heads.${exit}.weight`),
      'lm_head.weight',
    ]);
    expect(rows[0]).toMatchObject({ head_parameters: 386 * 128, head_bytes: 386 * 128 * 4 });
    expect(rows[0]!['all_parameters']).toBe(1_821_824 + 7 * 386 * 128);
    const [layers, heads] = ['model', 'exit_heads'].map((name) =>
      numbersIn(join(folder, `${name}.safetensors`)),
    );
    expect(rows[0]!['all_bytes']).toBe(layers! + heads!);
  });

  it('counts a tied head once, and halves the bytes of BF16', async () => {
    const { folder } = writeRandomCheckpoint(join(root, 'tied'), {
      tiedHead: true,
      dtype: 'BF16',
      exits: [1, 4],
    });
    const [first, last] = await infoOf(folder);
    expect(first).toMatchObject({
      tied_head: true,
      dtype: 'BF16',
      head: 'model.embed_tokens.weight',
      head_bytes: 0,
    });
    for (const row of [first!, last!]) expect(row['bytes']).toBe(2 * (row['parameters'] as number));
    expect(last!['bytes']).toBe(numbersIn(join(folder, 'model.safetensors')));
  });

  it('prints facts and a table within 80 columns, and CSV with the facts in every row', async () => {
    const table = await runMain(['info', join(nano, 'early-exit')]);
    expect(table.stdout).toMatch(/^form +checkpoint\nkind +early-exit\nlayers +10\n/);
    expect(table.stdout).toMatch(/\n +10 +1821824 +7287296 +lm_head\.weight +49408 +197632\n/);
    for (const line of table.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const csv = await runMain(['info', join(nano, 'soft'), '--format', 'csv']);
    expect(csv.stdout.split('\r\n')[0]).toMatch(/^form,kind,layers,.*,exit,parameters,bytes,head,/);
    expect(csv.stdout.split('\r\n')).toHaveLength(1 + 8 + 1);
  });

  it('prints what an import decides, or decided, about unusual files', async () => {
    const { folder } = writeRandomCheckpoint(join(root, 'unusual'), { config: { bos_token_id: 1 } });
    const out = join(root, 'unusual-model');
    importCheckpoint(folder, out);
    for (const place of [folder, out])
      expect((await infoOf(place))[0]!['notes']).toMatch(
        /^prompts begin with <\/s> \(1\), the bos_token_id of config.json/,
      );
    expect((await runMain(['info', folder])).stdout).toMatch(/\nnotes +prompts begin with/);
  });

  it('describes the weights of a checkpoint whose tokenizer cannot be opened', async () => {
    const { folder } = writeRandomCheckpoint(join(root, 'no-tokenizer'));
    rmSync(join(folder, 'tokenizer.json'));
    expect((await infoOf(folder))[0]).toMatchObject({ form: 'checkpoint' });
  });

  it('refuses what is no model', async () => {
    expect(refusalOf(await runMain(['info', root]))).toContain('config.json');
  });
});
