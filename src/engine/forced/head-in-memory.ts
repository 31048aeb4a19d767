import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { headOfExit, type Manifest } from '../../model/folder/manifest.ts';
import { readWeight } from '../../model/quantise/read-weight.ts';
import type { FloatTensor } from '../session/session.ts';

/** Final norm and head of one exit, in memory. */
export interface HeadInMemory {
  /** The model folder that it was read from. */
  readonly folder: string;
  readonly architecture: Architecture;
  /** [D] */
  readonly norm: FloatTensor;
  /** [V, D] */
  readonly head: FloatTensor;
}

/** @throws InputError `unknown-exit` */
export function readHead(folder: string, manifest: Manifest, exit: number): HeadInMemory {
  const { norm, head } = headOfExit(manifest, exit, folder);
  return {
    folder,
    architecture: manifest.architecture,
    norm: { data: readWeight(folder, norm), shape: norm.shape },
    head: { data: readWeight(folder, head), shape: head.shape },
  };
}
