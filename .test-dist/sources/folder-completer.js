import { completionSettings, describeLocalCompleter, } from '../judge/local-completer.js';
import { completeInWorkers } from '../worker/complete-in-workers.js';
/**
 * The full depth of a model folder as a completer in worker threads. It is loaded for each call of \`complete\`.
 * @throws InputError when the folder does not fit
 */
export async function openFolderCompleter(folder, options) {
    const settings = completionSettings(options);
    return {
        ...(await describeLocalCompleter(folder, options)),
        complete: (prompts, signal) => completeInWorkers(folder, settings, prompts, signal),
        close: async () => { },
    };
}
