/** The worker: inference blocks this thread, and the store, the display and requests to servers go on in the main one. */
import { parentPort } from 'node:worker_threads';
import { toSentError } from './job-messages.js';
import { jobs } from './jobs/jobs.js';
/** A job that is so many items ahead of its reader waits. */
const MAX_UNTAKEN = 256;
parentPort.on('message', ({ name, input, port }) => {
    void serve(port, (signal) => jobs[name](input, signal));
});
async function serve(port, start) {
    const send = (message) => port.postMessage(message);
    const stop = new AbortController();
    const reader = follow(port, stop);
    try {
        for await (const item of start(stop.signal)) {
            send({ type: 'item', item });
            await reader.keepsUp();
        }
        send({ type: 'end' });
    }
    catch (error) {
        send({ type: 'failed', error: toSentError(error) });
    }
}
/** Counts what the reader has not taken yet. */
function follow(port, stop) {
    let untaken = 0;
    let goOn = () => { };
    port.on('message', (message) => {
        if (message.type === 'stop')
            stop.abort();
        else
            untaken -= message.items;
        goOn();
    });
    return {
        keepsUp: async () => {
            untaken++;
            while (untaken >= MAX_UNTAKEN && !stop.signal.aborted) {
                await new Promise((resolve) => {
                    goOn = resolve;
                });
            }
        },
    };
}
