import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, writeManifest } from './manifest.ts';

interface HashOptions {
  readonly signal?: AbortSignal;
  /** Called after every piece that was read, for a progress bar. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Fills in the sha256 of files that were never hashed or that changed since, and saves each in model.json as
 * soon as it is computed. Weights are read once for this, as a stream.
 * @throws the signal's reason when it is aborted
 */
export async function hashFiles(
  folder: string,
  manifest: Manifest,
  options: HashOptions = {},
): Promise<Manifest> {
  let hashed = manifest;
  for (const name of unhashedFiles(folder, manifest)) {
    const path = join(folder, name);
    // Before reading, so that a file that changes meanwhile is hashed again at its next use.
    const { size, mtimeMs } = statSync(path);
    const file = { bytes: size, mtimeMs, sha256: await sha256OfStream(path, options) };
    hashed = { ...hashed, files: { ...hashed.files, [name]: file } };
    saveIfWritable(folder, hashed);
  }
  return hashed;
}

/** Bytes that `hashFiles` has to read. */
export function unhashedBytes(folder: string, manifest: Manifest): number {
  return unhashedFiles(folder, manifest).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function unhashedFiles(folder: string, { files }: Manifest): string[] {
  return Object.entries(files).flatMap(([name, known]) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    const isKnown = known.sha256 !== null && known.bytes === size && known.mtimeMs === mtimeMs;
    return isKnown ? [] : [name];
  });
}

async function sha256OfStream(path: string, { signal, onBytes }: HashOptions): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    hash.update(piece);
    onBytes?.(piece.length);
  }
  return hash.digest('hex');
}

/** Where its hashes cannot be kept, a model folder is hashed at every use: it is read-only, or its disk is full. */
const FORGIVEN = ['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];

function saveIfWritable(folder: string, manifest: Manifest): void {
  try {
    writeManifest(folder, manifest);
  } catch (error) {
    if (!FORGIVEN.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
