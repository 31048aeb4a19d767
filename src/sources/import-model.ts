import { type ByteTask, startBytes } from '../core/progress.ts';
import { type ImportOptions, importWatched } from '../model/folder/import-checkpoint.ts';
import { importIfChanged } from '../model/folder/import-if-changed.ts';
import type { Manifest } from '../model/folder/manifest.ts';
import type { HashModelOptions } from './hash-model.ts';

export interface ImportModelOptions extends Omit<ImportOptions, 'replace'> {
  /** Replace an existing folder; `if-changed`: only if it is not the import of this very checkpoint. */
  readonly replace: boolean | 'if-changed';
}

/**
 * Imports a checkpoint and shows the progress of quantising; the rest takes a moment.
 * @throws InputError as `importCheckpoint`; the signal's reason when it is aborted
 */
export async function importModel(
  source: string,
  out: string,
  { replace, ...options }: ImportModelOptions,
  { progress, signal }: HashModelOptions,
): Promise<Manifest> {
  let task: ByteTask | undefined;
  const onBytes = (bytes: number, total: number) => {
    task ??= startBytes(progress, 'Quantising weights', total);
    task.advance(bytes);
  };
  const watched = { ...options, onBytes, ...(signal && { signal }) };
  try {
    if (replace === 'if-changed') return await importIfChanged(source, out, watched);
    return await importWatched(source, out, { ...watched, replace });
  } finally {
    task?.end();
  }
}
