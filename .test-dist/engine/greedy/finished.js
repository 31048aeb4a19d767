/** A prompt without a token, or one that fills the context, leaves no room for a response. */
export function hasRoom(ids, contextLength) {
    return ids.length > 0 && ids.length < contextLength;
}
/** The empty responses to a prompt that leaves no room for any. */
export function withoutRoom({ tag, ids, exits }) {
    const rest = { promptTokens: ids.length, tokenIds: [], stopReason: 'context-end', durationMs: 0 };
    return exits.map((exit) => ({ tag, exit, ...rest }));
}
