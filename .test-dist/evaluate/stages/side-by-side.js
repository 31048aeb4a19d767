/**
 * Runs works at the same time, such as one that waits for a server and one that computes here. When one fails, the others
 * are stopped, and its error is thrown once they have ended.
 */
export async function sideBySide(works, interrupt) {
    const stop = new AbortController();
    const signal = interrupt ? AbortSignal.any([interrupt, stop.signal]) : stop.signal;
    const running = works.map((work) => work(signal));
    try {
        return await Promise.all(running);
    }
    catch (error) {
        stop.abort();
        await Promise.allSettled(running);
        throw error;
    }
}
