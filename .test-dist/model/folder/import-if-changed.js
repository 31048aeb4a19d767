import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.js';
import { openCheckpoint } from '../checkpoint/checkpoint.js';
import { fingerprint } from './fingerprint.js';
import { importWatched } from './import-checkpoint.js';
import { MANIFEST_FILE } from './manifest.js';
import { readManifest } from './read-manifest.js';
/** Imports unless `out` is already the import of this very checkpoint; what the sweep does with its models. */
export async function importIfChanged(source, out, options = {}) {
    const { exits, precision = 'fp32' } = options;
    const checkpoint = openCheckpoint(source, exits);
    if (existsSync(join(out, MANIFEST_FILE))) {
        const manifest = readCurrentManifest(out);
        if (manifest?.source.fingerprint === fingerprint(checkpoint, precision))
            return manifest;
    }
    return importWatched(source, out, { ...options, replace: true });
}
/** A managed folder that an older version wrote or that lost a file is imported again, not complained about. */
function readCurrentManifest(folder) {
    try {
        return readManifest(folder);
    }
    catch (error) {
        if (error instanceof InputError)
            return undefined;
        throw error;
    }
}
