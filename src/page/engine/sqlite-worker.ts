/** Runs SQLite beside the page, so that the page scrolls while a slow query runs. */
import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { runPageQuery } from '../queries/page-queries.ts';
import { loadSqlite, type OpenedImage, openImage } from './sqlite.ts';
import type { Reply, Request, Slot } from './worker-messages.ts';

let sqlite: Sqlite3Static;
const opened = new Map<Slot, OpenedImage>();

globalThis.onmessage = async ({ data }: MessageEvent<Request & { id: number }>) => {
  globalThis.postMessage(await replyTo(data));
};

async function replyTo(request: Request & { id: number }): Promise<Reply> {
  try {
    return { id: request.id, value: await handle(request) };
  } catch (error) {
    return { id: request.id, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function handle(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'load':
      sqlite = await loadSqlite(request.wasm);
      return null;
    case 'open': {
      const image = openImage(sqlite, request.name, request.image);
      opened.get(request.slot)?.close();
      opened.set(request.slot, image);
      return null;
    }
    default:
      return runPageQuery(opened.get(request.slot)!, request.query);
  }
}
