export const RUN_KEY = 'sorted-eval run';
export const COMMAND_KEY = 'sorted-eval command';
/** Keys and texts, in the order in which they are written. */
export function stampTexts(title, stamp) {
    const common = [
        ['Title', title],
        ['Software', 'sorted-eval'],
    ];
    if (stamp === undefined)
        return common;
    return [...common, [RUN_KEY, `${stamp.run} ${stamp.runSha256}`], [COMMAND_KEY, stamp.command]];
}
