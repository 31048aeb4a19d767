/**
 * Why a response ends with its newest token; undefined while it goes on. Where both limits are reached at once, it is the
 * token limit.
 * @param tokenIds at least one
 */
export function stopReasonOf(tokenIds, limits) {
    const { eosTokenIds, stopWhen, maxNewTokens = Number.POSITIVE_INFINITY } = limits;
    if (eosTokenIds.includes(tokenIds.at(-1)))
        return 'eos';
    if (stopWhen?.(tokenIds))
        return 'stop-text';
    if (tokenIds.length >= maxNewTokens)
        return 'token-limit';
    return limits.promptTokens + tokenIds.length >= limits.contextLength ? 'context-end' : undefined;
}
