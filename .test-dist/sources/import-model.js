import { startBytes } from '../core/progress.js';
import { importWatched } from '../model/folder/import-checkpoint.js';
import { importIfChanged } from '../model/folder/import-if-changed.js';
/**
 * Imports a checkpoint and shows how far quantising it is; there is nothing to wait for otherwise.
 * @throws InputError as `importCheckpoint`; the signal's reason when it is aborted
 */
export async function importModel(source, out, { replace, ...options }, { progress, signal }) {
    let task;
    const onBytes = (bytes, total) => {
        task ??= startBytes(progress, 'Quantising weights', total);
        task.advance(bytes);
    };
    const watched = { ...options, onBytes, ...(signal && { signal }) };
    try {
        if (replace === 'if-changed')
            return await importIfChanged(source, out, watched);
        return await importWatched(source, out, { ...watched, replace });
    }
    finally {
        task?.end();
    }
}
