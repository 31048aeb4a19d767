import { Worker } from 'node:worker_threads';

/** Starts a TypeScript program of this folder in threads; one of Node 20 does not inherit the loader. */
export function startWorkers(file: string, workerData: unknown, count: number): Worker[] {
  const url = JSON.stringify(new URL(file, import.meta.url).href);
  const program = `import('tsx/esm/api').then(({ register }) => (register(), import(${url})));`;
  return Array.from({ length: count }, () => new Worker(program, { eval: true, workerData }));
}

/** The next message of each. @throws the error of one that fails */
export function nextMessages<Message>(workers: readonly Worker[]): Promise<Message[]> {
  return Promise.all(
    workers.map(
      (worker) =>
        new Promise<Message>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
}
