import { on } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { inferenceWorker } from './inference-worker.js';
import { fromSentError } from './job-messages.js';
/** Items that are confirmed to the job in one message. */
const TAKEN_AT_ONCE = 64;
/**
 * Runs a job in the worker and gives its items as they come. A reader that ends early, or the signal, stops the job; what
 * it opened is closed when this returns or throws.
 * @param worker which one, where several share the work
 * @throws what the job threw; the signal's reason when it is aborted; the worker's error if that ends
 */
export async function* runJob(name, input, signal, worker = 0) {
    signal?.throwIfAborted();
    const job = startJob(name, input, worker);
    signal?.addEventListener('abort', job.stop, { once: true });
    let isOver = false;
    try {
        let message = await job.next();
        for (; message.type === 'item'; message = await job.next()) {
            yield message.item;
            job.confirm();
        }
        isOver = true;
        if (message.type === 'failed')
            throw signal?.aborted ? signal.reason : fromSentError(message.error);
    }
    finally {
        signal?.removeEventListener('abort', job.stop);
        if (!isOver)
            await job.wait();
        job.close();
    }
}
function startJob(name, input, index) {
    const { worker, ended } = inferenceWorker(index);
    const { port1: port, port2 } = new MessageChannel();
    // Listens before anything can come, and keeps the process alive as long as the port is open.
    const inbox = on(port, 'message', { close: ['close'] });
    worker.postMessage({ name, input, port: port2 }, [port2]);
    const send = (message) => port.postMessage(message);
    const next = async () => {
        const { value, done } = await inbox.next();
        return done ? ended() : value[0];
    };
    let unconfirmed = 0;
    return {
        next,
        confirm: () => {
            if (++unconfirmed < TAKEN_AT_ONCE)
                return;
            send({ type: 'taken', items: unconfirmed });
            unconfirmed = 0;
        },
        stop: () => send({ type: 'stop' }),
        /** Stops, and takes what is under way. */
        wait: async () => {
            send({ type: 'stop' });
            while ((await next()).type === 'item')
                ;
        },
        close: () => port.close(),
    };
}
