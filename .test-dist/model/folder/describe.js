import { join } from 'node:path';
import { openCheckpoint } from '../checkpoint/checkpoint.js';
import { isThere } from '../checkpoint/regular-file.js';
import { readSafetensorsHeader } from '../checkpoint/safetensors.js';
import { MANIFEST_FILE } from './manifest.js';
import { readManifest, weightFilesOf } from './read-manifest.js';
export const isModelFolder = (folder) => isThere(join(folder, MANIFEST_FILE));
/**
 * Describes a model folder or a checkpoint; weights are not read.
 * @throws InputError when it is neither, or damaged
 */
export function describeModel(folder) {
    if (!isModelFolder(folder)) {
        const { kind, architecture, exits, files } = openCheckpoint(folder);
        return { form: 'checkpoint', kind, architecture, exits, precision: null, files };
    }
    const manifest = readManifest(folder);
    const { kind, architecture, exits, precision } = manifest;
    const files = weightFilesOf(manifest).map((name) => readSafetensorsHeader(join(folder, name)));
    return { form: 'model folder', kind, architecture, exits, precision, files };
}
