import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, writeManifest } from './manifest.ts';

export const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

export const sha256OfSmallFile = (path: string) => sha256(readFileSync(path));

async function sha256OfStream(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Fills in the sha256 of files that were never hashed or that changed since, and keeps them in model.json. Weights
 * are read once for this, streaming.
 */
export async function hashFiles(folder: string, manifest: Manifest): Promise<Manifest> {
  const files: Manifest['files'] = {};
  let changed = false;
  for (const [name, known] of Object.entries(manifest.files)) {
    const { size, mtimeMs } = statSync(join(folder, name));
    const isKnown = known.sha256 !== null && known.bytes === size && known.mtimeMs === mtimeMs;
    const sha = isKnown ? known.sha256 : await sha256OfStream(join(folder, name));
    files[name] = { bytes: size, mtimeMs, sha256: sha };
    changed ||= !isKnown;
  }
  const hashed = { ...manifest, files };
  if (changed) keepWhereWritable(folder, hashed);
  return hashed;
}

/** A model folder that nobody may write to is hashed at every use. */
function keepWhereWritable(folder: string, manifest: Manifest): void {
  try {
    writeManifest(folder, manifest);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
