import { InputError } from '../../core/errors.ts';
import { openForImport } from '../adapter/open-adapted.ts';
import { isImportOf } from './fingerprint.ts';
import { type ImportOptions, type ImportWatch, importWatched } from './import-checkpoint.ts';
import { isModelFolder, type Manifest } from './manifest.ts';
import { readManifest } from './read-manifest.ts';

/**
 * Imports unless `out` is already the import of this very checkpoint; what the sweep does with its models.
 */
export async function importIfChanged(
  source: string,
  out: string,
  options: Omit<ImportOptions, 'replace'> & ImportWatch = {},
): Promise<Manifest> {
  const { precision = 'fp32' } = options;
  const checkpoint = openForImport(source, options);
  if (isModelFolder(out)) {
    const manifest = readCurrentManifest(out);
    if (manifest && isImportOf(manifest, checkpoint, precision)) return manifest;
  }
  return importWatched(source, out, { ...options, replace: true });
}

/** A managed folder that an older version wrote or that lost a file is imported again instead of refused. */
export function readCurrentManifest(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
