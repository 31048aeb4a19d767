import { headOfExit } from '../../model/folder/manifest.js';
import { readWeight } from '../../model/quantise/read-weight.js';
/** @throws InputError `unknown-exit` */
export function readHead(folder, manifest, exit) {
    const { norm, head } = headOfExit(manifest, exit, folder);
    return {
        folder,
        architecture: manifest.architecture,
        norm: { data: readWeight(folder, norm), shape: norm.shape },
        head: { data: readWeight(folder, head), shape: head.shape },
    };
}
