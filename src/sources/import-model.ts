import { type ByteTask, startBytes } from '../core/progress.ts';
import { type ImportOptions, importWatched } from '../model/folder/import-checkpoint.ts';
import { importIfChanged } from '../model/folder/import-if-changed.ts';
import type { Manifest } from '../model/folder/manifest.ts';
import type { WeightsStep } from '../model/folder/weights/place-weights.ts';
import type { HashModelOptions } from './hash-model.ts';

export interface ImportModelOptions extends Omit<ImportOptions, 'replace'> {
  /** Replace an existing folder; `if-changed`: only if it is not the import of this very checkpoint. */
  readonly replace: boolean | 'if-changed';
}

/**
 * Imports a checkpoint or an adapter and shows the progress of copying, merging and quantising; the rest takes a moment.
 * @throws InputError as `importCheckpoint`; the signal's reason when it is aborted
 */
export async function importModel(
  source: string,
  out: string,
  { replace, ...options }: ImportModelOptions,
  { progress, signal }: HashModelOptions,
): Promise<Manifest> {
  const tasks = new Map<string, ByteTask>();
  const onStep = ({ work, bytes, total }: WeightsStep) => {
    const task = tasks.get(work) ?? startBytes(progress, work, total);
    tasks.set(work, task);
    task.advance(bytes);
  };
  const watched = { ...options, onStep, onNote: progress.note, ...(signal && { signal }) };
  try {
    if (replace === 'if-changed') return await importIfChanged(source, out, watched);
    return await importWatched(source, out, { ...watched, replace });
  } finally {
    for (const task of tasks.values()) task.end();
  }
}
