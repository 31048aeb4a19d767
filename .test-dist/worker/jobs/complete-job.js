import { openCompleter, } from '../../engine/complete.js';
/** What the full depth of a model writes to each prompt, in the order in which the texts end. */
export async function* completeJob({ folder, settings, prompts }, signal) {
    const completer = await openCompleter(folder, settings);
    try {
        yield* completer.complete(prompts, signal);
    }
    finally {
        await completer.close();
    }
}
