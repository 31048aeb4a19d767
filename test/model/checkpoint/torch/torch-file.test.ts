import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTorchFile } from '../../../../src/model/checkpoint/torch/torch-file.ts';
import { inputErrorOf } from '../../../support/failure.ts';
import { dict, pickle, tensor } from '../../../support/pickle-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { archiveParts } from '../../../support/torch-file.ts';
import { writeSparseZip, zipBytes } from '../../../support/zip-file.ts';

const GOLDEN = 'test/golden/torch';
const REFUSED = join(GOLDEN, 'refused');
type Expected = Record<string, { dtype: string; shape: number[]; hex: string }>;
const golden = JSON.parse(readFileSync(join(GOLDEN, 'tensors.json'), 'utf8')) as {
  files: Record<string, Expected>;
};
const root = tempFolder();

/** What a file holds, read from the places that the reader names. */
function contentOf(path: string): Expected {
  const bytes = readFileSync(path);
  const entries = [...readTorchFile(path).tensors].map(([name, { dtype, shape, offset, bytes: size }]) => {
    const hex = bytes.subarray(offset, offset + size).toString('hex');
    return [name, { dtype, shape: [...shape], hex }];
  });
  return Object.fromEntries(entries);
}

describe('a file of torch.save', () => {
  it.each(Object.entries(golden.files))('holds what PyTorch reads: %s', (name, expected) => {
    expect(contentOf(join(GOLDEN, `${name}.bin`))).toEqual(expected);
  });

  it('gives two tensors of one storage the same bytes', () => {
    const { tensors } = readTorchFile(join(GOLDEN, 'shared.bin'));
    expect(tensors.get('head')).toEqual(tensors.get('embed'));
  });

  it('is read beyond 4 GB, where sizes and offsets are those of ZIP64', () => {
    const path = join(root, 'large.bin');
    const rows = 2 ** 20;
    const large = tensor({ dtype: 'F16', shape: [rows, 2200], storage: '0' });
    const after = tensor({ dtype: 'F32', shape: [2], storage: '1' });
    writeSparseZip(path, [
      ...archiveParts(pickle(dict({ large, after }))),
      { name: 'archive/data/0', data: rows * 2200 * 2 },
      { name: 'archive/data/1', data: Buffer.from('0000803f00000040', 'hex') },
    ]);
    const { tensors, fileBytes } = readTorchFile(path);
    rmSync(path);
    expect(tensors.get('large')).toMatchObject({ shape: [rows, 2200], bytes: rows * 2200 * 2 });
    expect(tensors.get('after')!.offset).toBeGreaterThan(2 ** 32);
    expect(tensors.get('after')!.offset).toBeLessThan(fileBytes);
  });

  it('may hold big-endian numbers, which are refused', async () => {
    const path = join(root, 'big-endian.bin');
    const parts = archiveParts(pickle(dict({ a: tensor({ dtype: 'F32', shape: [1], storage: '0' }) })));
    const order = { name: 'archive/byteorder', data: Buffer.from('big') };
    const bytes = zipBytes([parts[0]!, order, { name: 'archive/data/0', data: Buffer.alloc(4) }]);
    writeFileSync(path, bytes);
    expect(await inputErrorOf(() => readTorchFile(path))).toMatchObject({ where: `${path}: byteorder` });
  });
});

describe('a file of torch.save is refused', () => {
  const found: Record<string, RegExp> = {
    transposed: /found a transposed or strided view.*contiguous\(\)/,
    strided: /found a transposed or strided view/,
    nested: /"model" holding a dict where a tensor has to stand/,
    number: /"step" holding something else \(number\)/,
    list: /a pickle of something else than a state dict/,
    tensor: /a pickle of something else than a state dict/,
    'whole-module': /found torch\.nn\.modules\.linear\.Linear, which no state dict needs/,
    sparse: /found torch\._utils\._rebuild_sparse_tensor, which no state dict needs/,
    negated: /found a negated or conjugated view/,
    gadget: /found posix\.system, which no state dict needs.*Nothing of it was run/,
    'before-1.6': /expected the format of PyTorch 1\.6 and later, found the one before it/,
  };

  it.each(readdirSync(REFUSED))('in one line that says what to do: %s', async (file) => {
    const error = await inputErrorOf(() => readTorchFile(join(REFUSED, file)));
    expect(error.code).toBe('unsupported-model');
    expect(error.message).toMatch(found[basename(file, '.bin')]!);
    expect(existsSync('gadget-was-run')).toBe(false);
  });
});
