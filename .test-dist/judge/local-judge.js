import { judgeOf } from './judge.js';
import { openLocalCompleter } from './local-completer.js';
import { DEFAULT_PROTOCOL, protocolNamed } from './protocols/protocols.js';
/**
 * A judge that runs in this thread: the full depth of a model folder.
 * @throws InputError when the folder does not fit
 */
export async function openLocalJudge(folder, { protocol = protocolNamed(DEFAULT_PROTOCOL), ...options }) {
    return judgeOf(protocol, await openLocalCompleter(folder, options));
}
