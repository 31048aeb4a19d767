import { writeFileSync } from 'node:fs';
import { dict, pickle, tensor } from './pickle-file.ts';
import { type Dtype, encode, type NamedTensor } from './safetensors-file.ts';
import { writeSparseZip, type ZipPart, zipBytes } from './zip-file.ts';

/** What a file of `torch.save` is made of. */
export interface TorchContent {
  /** A pickled tensor by its name. */
  readonly entries: Readonly<Record<string, Buffer>>;
  /** The dict of all of them. */
  readonly state: Buffer;
  /** A storage for each tensor. */
  readonly data: readonly ZipPart[];
}

export function torchContent(tensors: readonly NamedTensor[], dtype: Dtype): TorchContent {
  const entries = Object.fromEntries(
    tensors.map(({ name, shape }, index) => [name, tensor({ dtype, shape, storage: `${index}` })]),
  );
  const data = tensors.map(({ values }, index) => ({
    name: `archive/data/${index}`,
    data: encode(values, dtype),
  }));
  return { entries, state: dict(entries), data };
}

/** Writes tensors as `torch.save` does, each in a storage of its own. */
export function writeTorchFile(path: string, tensors: readonly NamedTensor[], dtype: Dtype): void {
  const { state, data } = torchContent(tensors, dtype);
  const version = { name: 'archive/version', data: Buffer.from('3\n') };
  writeFileSync(path, zipBytes([...archiveParts(pickle(state)), ...data, version]));
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
