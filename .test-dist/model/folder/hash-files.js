import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeManifest } from './manifest.js';
/**
 * Fills in the sha256 of files that were never hashed or that changed since, and keeps them in model.json, each as soon
 * as it is known. Weights are read once for this, streaming.
 * @throws the signal's reason when it is aborted
 */
export async function hashFiles(folder, manifest, options = {}) {
    let hashed = manifest;
    for (const name of unhashedFiles(folder, manifest)) {
        const path = join(folder, name);
        // Before it is read: what changes meanwhile is then hashed again at the next use.
        const { size, mtimeMs } = statSync(path);
        const file = { bytes: size, mtimeMs, sha256: await sha256OfStream(path, options) };
        hashed = { ...hashed, files: { ...hashed.files, [name]: file } };
        keepWhereWritable(folder, hashed);
    }
    return hashed;
}
/** How much `hashFiles` has to read. */
export function unhashedBytes(folder, manifest) {
    return unhashedFiles(folder, manifest).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
function unhashedFiles(folder, { files }) {
    return Object.entries(files).flatMap(([name, known]) => {
        const { size, mtimeMs } = statSync(join(folder, name));
        const isKnown = known.sha256 !== null && known.bytes === size && known.mtimeMs === mtimeMs;
        return isKnown ? [] : [name];
    });
}
async function sha256OfStream(path, { signal, onBytes }) {
    const hash = createHash('sha256');
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
        signal?.throwIfAborted();
        hash.update(piece);
        onBytes?.(piece.length);
    }
    return hash.digest('hex');
}
/** A model folder that nobody may write to is hashed at every use. */
function keepWhereWritable(folder, manifest) {
    try {
        writeManifest(folder, manifest);
    }
    catch (error) {
        if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code ?? ''))
            throw error;
    }
}
