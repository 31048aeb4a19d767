import { Worker } from 'node:worker_threads';
const workers = new Map();
/**
 * One of the threads that load ONNX Runtime; started at the first use, or after it ended. By itself it does not keep the
 * process alive.
 * @param index 0 unless a job is shared between several
 */
export function inferenceWorker(index = 0) {
    const worker = workers.get(index) ?? startWorker(index);
    workers.set(index, worker);
    return worker;
}
function startWorker(index) {
    const worker = new Worker(threadFile());
    const failure = new Promise((_, reject) => {
        worker.once('error', reject);
        worker.once('exit', (code) => reject(new Error(`the inference worker ended with code ${code}`)));
    });
    failure.catch(() => {
        workers.delete(index);
    });
    worker.unref();
    const ended = () => {
        worker.ref();
        return failure;
    };
    return { worker, ended };
}
/** The compiled file beside this one; or its source, read by Node itself or by the loader that the tests use. */
function threadFile() {
    const isSource = import.meta.url.endsWith('.ts');
    const isReadByNode = Boolean(process.features.typescript);
    const name = isReadByNode ? 'thread.ts' : 'thread-from-source.mjs';
    return new URL(isSource ? name : 'thread.js', import.meta.url);
}
