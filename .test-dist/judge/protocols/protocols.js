/** Every protocol that a sweep file can name. A new one is a file beside this one and a line in the list. */
import { mtBench } from './mt-bench.js';
import { pandalm } from './pandalm.js';
export const PROTOCOLS = [pandalm, mtBench];
export const PROTOCOL_NAMES = ['pandalm', 'mt-bench'];
export const DEFAULT_PROTOCOL = 'pandalm';
export function protocolNamed(name) {
    return PROTOCOLS.find((protocol) => protocol.name === name);
}
/** Part of a judge's decoding, and so of its verdicts' keys. The default is left out: results files older than protocols have none. */
export function protocolSetting({ name }) {
    return name === DEFAULT_PROTOCOL ? {} : { protocol: name };
}
/** The protocol of a stored judge's decoding; undefined where it is one of a library's user. */
export function protocolOf(decoding) {
    const name = decoding.protocol ?? DEFAULT_PROTOCOL;
    return PROTOCOLS.find((protocol) => protocol.name === name);
}
