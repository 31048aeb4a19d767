/** What long work reports to; `terminal/progress-bars.ts` shows it. */
/** For tests and for use as a library. */
export const silentProgress = {
    note: () => { },
    start: () => ({ advance: () => { }, end: () => { } }),
};
const MEGABYTE = 1e6;
/** Fewer are read in a moment. */
const MIN_SHOWN_BYTES = 100 * MEGABYTE;
/** @param label what is done with them; `, MB` is added */
export function startBytes(progress, label, bytes) {
    const shown = bytes < MIN_SHOWN_BYTES ? silentProgress : progress;
    const task = shown.start(`${label}, MB`, Math.floor(bytes / MEGABYTE), 0);
    let done = 0;
    return {
        advance: (more) => {
            task.advance(Math.floor((done + more) / MEGABYTE) - Math.floor(done / MEGABYTE));
            done += more;
        },
        end: () => task.end(),
    };
}
