import { startBytes } from '../core/progress.js';
import { hashFiles, unhashedBytes } from '../model/folder/hash-files.js';
/**
 * Hashes what was never hashed of a model folder, before its first use, and shows how far it is.
 * @throws the signal's reason when it is aborted; what was hashed till then is kept
 */
export async function hashModel(folder, manifest, { progress, signal }) {
    const bytes = unhashedBytes(folder, manifest);
    if (bytes === 0)
        return manifest;
    const task = startBytes(progress, 'Hashing weights', bytes);
    try {
        return await hashFiles(folder, manifest, { onBytes: task.advance, ...(signal && { signal }) });
    }
    finally {
        task.end();
    }
}
