import { existsSync } from 'node:fs';
import { openForImport } from '../adapter/open-adapted.ts';
import { fingerprint, isImportOf } from './fingerprint.ts';
import type { ImportOptions } from './import-checkpoint.ts';
import { readCurrentManifest } from './import-if-changed.ts';
import { isModelFolder } from './manifest.ts';
import { weightsSample } from './weights/weights-sample.ts';

/** Hex digits of the fingerprint in a folder's name. */
const DIGITS = 12;

/**
 * Where a checkpoint's import belongs. `folder` itself, if nothing is there or this very import is; else a folder beside it
 * with the first digits of the import's fingerprint: the import of other exits, another precision or other weights, which
 * another run may need, stays.
 * @throws InputError when the checkpoint does not fit
 */
export function importPlace(source: string, folder: string, options: ImportOptions): string {
  if (!existsSync(folder)) return folder;
  const found = isModelFolder(folder) ? readCurrentManifest(folder) : undefined;
  // Of an older version, or damaged: of no use to anyone.
  if (isModelFolder(folder) && found === undefined) return folder;
  const checkpoint = openForImport(source, options);
  const { precision = 'fp32' } = options;
  if (found && isImportOf(found, checkpoint, precision)) return folder;
  const wanted = fingerprint(checkpoint, precision);
  const digits = found?.source.fingerprint === wanted ? weightsSample(checkpoint) : wanted;
  return `${folder}-${digits.slice(0, DIGITS)}`;
}
