/** Reasons are the servers' words and may be many. */
const REASONS_SHOWN = 5;
export function countMissing(missing) {
    return missing.reduce((sum, { reasons }) => sum + reasons.length, 0);
}
/** Says what is missing and why; `[]` where nothing is. */
export function noteMissing(progress, missing) {
    const { label, total, reasons } = missing;
    if (reasons.length === 0)
        return [];
    progress.note(`${label}: ${reasons.length} of ${total} missing (${groupReasons(reasons)})`);
    return [missing];
}
/** Most frequent first: `4 HTTP 429, 1 no answer within 5 s`. */
function groupReasons(reasons) {
    const counts = new Map();
    for (const reason of reasons)
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
    const sorted = [...counts].sort(([, left], [, right]) => right - left);
    const rest = sorted.slice(REASONS_SHOWN).reduce((sum, [, count]) => sum + count, 0);
    const shown = sorted.slice(0, REASONS_SHOWN).map(([reason, count]) => `${count} × ${reason}`);
    return [...shown, ...(rest > 0 ? [`${rest} × other reasons`] : [])].join('; ');
}
