/** The page's end of the worker that runs SQLite. */

import type { AnswerTo, QuestionArguments, QuestionName } from './queries/page-queries.ts';
import SqliteWorker from './sqlite-worker.ts?worker&inline';
import type { Reply, Request, Slot } from './worker-messages.ts';

export interface Engine {
  /** Replaces the file in a slot. Rejects with the reason where the bytes are no results file; the old one stays then. */
  open(slot: Slot, name: string, image: Uint8Array<ArrayBuffer>): Promise<void>;
  ask<Name extends QuestionName>(
    slot: Slot,
    question: Name,
    ...args: QuestionArguments<Name>
  ): Promise<AnswerTo<Name>>;
  /** Ends a question that takes too long: the worker starts anew with the same files. */
  restart(): Promise<void>;
}

/** Answers that are kept. */
const MAX_KNOWN = 100;

type Opened = Extract<Request, { kind: 'open' }>;

/** @param bytes of sqlite3.wasm; the worker starts meanwhile */
export async function startEngine(bytes: Promise<Uint8Array<ArrayBuffer> | undefined>): Promise<Engine> {
  const files = new Map<Slot, Opened>();
  let channel = openChannel();
  const wasm = (await bytes)!;
  const load = async () => {
    await channel.send({ kind: 'load', wasm });
    for (const file of files.values()) await channel.send(file);
  };
  // The worker takes up a request while another waits, so none may reach it before its files are there.
  let loaded = load();
  const send = async (request: Request) => {
    await loaded;
    return channel.send(request);
  };
  await loaded;
  const known = new Map<string, Promise<unknown>>();
  const open = async (request: Opened) => {
    await send(request);
    files.set(request.slot, request);
    known.clear();
  };
  // Parts of the page ask the same, and going back asks again.
  const askOnce = (question: Extract<Request, { kind: 'ask' }>) => {
    const key = JSON.stringify(question);
    const answer = known.get(key) ?? send(question);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  };
  return {
    open: (slot, name, image) => open({ kind: 'open', slot, name, image }),
    ask: async (slot, question, ...args) =>
      (await askOnce({ kind: 'ask', slot, question, args })) as AnswerTo<typeof question>,
    restart: async () => {
      channel.end();
      channel = openChannel();
      loaded = load();
      await loaded;
    },
  };
}

function openChannel() {
  const worker = new SqliteWorker();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let sent = 0;
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const { resolve, reject } = waiting.get(data.id)!;
    waiting.delete(data.id);
    if ('problem' in data) reject(new Error(data.problem));
    else resolve(data.value);
  };
  return {
    send: (request: Request) =>
      new Promise<unknown>((resolve, reject) => {
        waiting.set(++sent, { resolve, reject });
        worker.postMessage({ ...request, id: sent });
      }),
    end: () => {
      worker.terminate();
      for (const { reject } of waiting.values()) reject(new Error('Stopped.'));
    },
  };
}
