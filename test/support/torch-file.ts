import { writeFileSync } from 'node:fs';
import { dict, pickle, tensor } from './pickle-file.ts';
import { type Dtype, encode, type NamedTensor } from './safetensors-file.ts';
import { writeSparseZip, type ZipPart, zipBytes } from './zip-file.ts';

/** Writes tensors as `torch.save` does, each in a storage of its own. */
export function writeTorchFile(path: string, tensors: readonly NamedTensor[], dtype: Dtype): void {
  writeFileSync(path, zipBytes(torchParts(tensors, dtype)));
}

/** The entries of such a file. */
function torchParts(tensors: readonly NamedTensor[], dtype: Dtype): ZipPart[] {
  const entries = tensors.map(({ name, shape }, index) => [
    name,
    tensor({ dtype, shape, storage: `${index}` }),
  ]);
  return [
    ...archiveParts(pickle(dict(Object.fromEntries(entries)))),
    ...tensors.map(({ values }, index) => ({ name: `archive/data/${index}`, data: encode(values, dtype) })),
    { name: 'archive/version', data: Buffer.from('3\n') },
  ];
}

/** What stands before the storages. */
export function archiveParts(data: Buffer): ZipPart[] {
  return [
    { name: 'archive/data.pkl', data },
    { name: 'archive/byteorder', data: Buffer.from('little') },
  ];
}

/** A file of zeros of two bytes each that takes no disk. */
export function writeSparseTorchFile(
  path: string,
  tensors: readonly [name: string, shape: readonly number[]][],
  dtype: 'F16' | 'BF16',
): void {
  const entries = tensors.map(([name, shape], index) => [
    name,
    tensor({ dtype, shape, storage: `${index}` }),
  ]);
  writeSparseZip(path, [
    ...archiveParts(pickle(dict(Object.fromEntries(entries)))),
    ...tensors.map(([, shape], index) => ({
      name: `archive/data/${index}`,
      data: shape.reduce((product, size) => product * size, 2),
    })),
  ]);
}
