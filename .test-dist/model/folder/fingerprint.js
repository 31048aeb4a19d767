import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { orderedKey } from '../../core/content-key.js';
import { GRAPH_VERSION } from './manifest.js';
/** Files that an import takes over as they are. */
export const REQUIRED_FILES = ['tokenizer.json', 'tokenizer_config.json'];
export const OPTIONAL_FILES = ['generation_config.json'];
/** Changes with any file that the import depends on; weights count by name, size and time of change. */
export function fingerprint(checkpoint, precision) {
    const texts = ['config.json', ...REQUIRED_FILES, ...OPTIONAL_FILES]
        .map((name) => join(checkpoint.folder, name))
        .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : null));
    const weights = checkpoint.files.map(({ path, fileBytes }) => [
        basename(path),
        fileBytes,
        statSync(path).mtimeMs,
    ]);
    const parts = [GRAPH_VERSION, checkpoint.kind, checkpoint.exits, texts, weights];
    return orderedKey(precision === 'fp32' ? parts : [...parts, precision]);
}
