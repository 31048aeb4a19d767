/** The page's end of the worker that runs SQLite. */

import type { QueryResult } from '../../store/query-result.ts';
import type { Read, StoredRow } from '../../store/read/read.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { PageQuery } from '../queries/page-queries.ts';
import SqliteWorker from './sqlite-worker.ts?worker&inline';
import type { Reply, Request, Slot } from './worker-messages.ts';

export interface Engine {
  /** Replaces the file in a slot. Rejects with the reason where the bytes are no results file; the old one stays then. */
  open(slot: Slot, name: string, image: Uint8Array<ArrayBuffer>): Promise<void>;
  read<Row>(slot: Slot, read: Read<Row>): Promise<readonly Row[]>;
  /** `undefined` where the file has no such run. */
  head(slot: Slot, run: string): Promise<RunHead | undefined>;
  /** One statement that only reads. */
  sql(slot: Slot, sql: string): Promise<QueryResult>;
  /** Ends a query that takes too long: the worker starts anew with the same files. */
  restart(): Promise<void>;
}

/** Results that are kept. */
const MAX_CACHED = 100;

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
  const cache = new Map<string, Promise<unknown>>();
  const open = async (request: Opened) => {
    await send(request);
    files.set(request.slot, request);
    cache.clear();
  };
  // Parts of the page share queries, and going back repeats them.
  const queryOnce = <T>(slot: Slot, query: PageQuery): Promise<T> => {
    const key = JSON.stringify([slot, query]);
    const result = cache.get(key) ?? send({ kind: 'query', slot, query });
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, result);
    result.catch(() => cache.delete(key));
    return result as Promise<T>;
  };
  return {
    open: (slot, name, image) => open({ kind: 'open', slot, name, image }),
    read: async (slot, { toRow, ...read }) =>
      (await queryOnce<StoredRow[]>(slot, { kind: 'read', read })).map((row) => toRow(row)),
    head: (slot, run) => queryOnce(slot, { kind: 'head', run }),
    sql: (slot, sql) => queryOnce(slot, { kind: 'sql', sql }),
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
