import { basename } from 'node:path';
import { identicalIsTie } from '../judge/identical-is-tie.js';
import { judgeOf } from '../judge/judge.js';
import { protocolNamed } from '../judge/protocols/protocols.js';
import { openEndpointCompleter } from './endpoint-completer.js';
import { openFolderCompleter } from './folder-completer.js';
import { openRecordedCompleter } from './recorded-completer.js';
import { prepareJudgeFolder } from './sweep-models.js';
/**
 * Imports the checkpoint of a sweep's judge, or checks what else the sweep file says of it, before anything is computed.
 * @throws InputError for whatever does not fit
 */
export async function prepareJudge({ judge, identical, output }, options) {
    const open = judge && (await prepare(judge, output, options));
    return open && identical === 'tie' ? async () => identicalIsTie(await open()) : open;
}
async function prepare(config, output, options) {
    const protocol = protocolNamed(config.protocol);
    const open = await prepareCompleter(config, output, options);
    return async () => judgeOf(protocol, await open());
}
async function prepareCompleter(config, output, options) {
    const { label } = config;
    if ('path' in config) {
        const folder = await prepareJudgeFolder(config, output, options);
        const { memoryMB } = options;
        return () => openFolderCompleter(folder, { ...config, memoryMB, label: label ?? 'judge' });
    }
    if ('endpoint' in config)
        return async () => openEndpointCompleter({ ...config, label: label ?? config.model });
    const named = { ...config, label: label ?? basename(config.verdicts) };
    const completer = openRecordedCompleter(named, protocolNamed(config.protocol));
    return async () => completer;
}
