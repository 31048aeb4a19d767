/** Prompts are read in blocks of this many tokens, always at the same places, whatever is cached already. */
export const BLOCK_TOKENS = 8;
/**
 * The key by which a block is found.
 * @param rotation prompts of another rotation share nothing with this one
 */
export function blockKey(rotation, parent, ids) {
    return `${parent ? parent.serial : `root ${rotation}`}:${ids.join(',')}`;
}
export function blockBytes({ data, hidden }) {
    return data.byteLength + hidden.byteLength;
}
