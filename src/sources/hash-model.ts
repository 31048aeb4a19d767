import type { Progress } from '../core/progress.ts';
import { startBytes } from '../core/progress.ts';
import { hashFiles, unhashedBytes } from '../model/folder/hash-files.ts';
import type { Manifest } from '../model/folder/manifest.ts';

export interface HashModelOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hashes the files of a model folder that have no hash yet, before its first use, and shows progress.
 * @throws the signal's reason when it is aborted; hashes made before that are kept
 */
export async function hashModel(
  folder: string,
  manifest: Manifest,
  { progress, signal }: HashModelOptions,
): Promise<Manifest> {
  const bytes = unhashedBytes(folder, manifest);
  if (bytes === 0) return manifest;
  const task = startBytes(progress, 'Hashing weights', bytes);
  try {
    return await hashFiles(folder, manifest, { onBytes: task.advance, ...(signal && { signal }) });
  } finally {
    task.end();
  }
}
