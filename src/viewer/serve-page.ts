/** Serves the results page on this machine alone: one page, and the files that it shows, read anew for each request. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../core/errors.ts';
import { findRun } from '../store/read/find-run.ts';
import { openResults } from '../store/read/open-results.ts';
import { stateOf } from '../store/read-only-copy.ts';
import { headTag, policyOf, readPage } from './page-file.ts';

export interface ServeOptions {
  /** Results file. */
  readonly db: string;
  /** One to compare it with. */
  readonly second?: string | undefined;
  /** The run to show first, as `--run` names it; without it the newest. */
  readonly run?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
}

type Slot = 'results' | 'second';

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** @throws InputError for a file that is no results file, `bad-query` for a run it has not, `bad-option` for a port that is taken */
export async function serveResults({ db, second, run, port }: ServeOptions): Promise<Served> {
  const page = readPage();
  const files: { slot: Slot; file: string }[] = [{ slot: 'results', file: db }];
  if (second !== undefined) files.push({ slot: 'second', file: second });
  for (const { file } of files) openResults(file).close();
  const html = withPaths(page, files, run === undefined ? '' : headTag('run', keyOfRun(db, run)));
  const answers = new Map<string, Answer>([['/', (_request, response) => sendPage(response, html)]]);
  for (const { slot, file } of files) answers.set(pathOf(slot), resultsAnswer(file));
  const server = createServer((request, response) => answer(request, response, answers));
  return { url: await listen(server, port), close: () => closeServer(server) };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** The page finds in its head what it may fetch. */
function withPaths(page: string, stores: readonly { readonly slot: Slot }[], chosen: string): string {
  const tags = stores.map(({ slot }) => headTag(slot, pathOf(slot)));
  return page.replace('<!--head-->', () => tags.join('') + chosen);
}

function pathOf(slot: Slot): string {
  return `/${slot}.db`;
}

function keyOfRun(db: string, named: string): string {
  const store = openResults(db);
  try {
    return findRun(store, named);
  } finally {
    store.close();
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answers: ReadonlyMap<string, Answer>,
): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cache-control', 'no-store');
  const refused = refusal(request);
  if (refused !== undefined) sendText(response, ...refused);
  else respond(request, response, answers.get(request.url ?? ''));
}

function refusal(request: IncomingMessage): [status: number, text: string] | undefined {
  if (!isOwnHost(request)) return [403, 'This server answers to its own host name alone.'];
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : [405, 'GET alone.'];
}

function respond(request: IncomingMessage, response: ServerResponse, found: Answer = notFound): void {
  try {
    found(request, response);
  } catch (error) {
    sendText(response, 500, error instanceof Error ? error.message : String(error));
  }
}

const notFound: Answer = (_request, response) => sendText(response, 404, 'There is no such page.');

/** A page of another site can make its own name point here, but it cannot send another name than that. */
function isOwnHost({ headers, socket }: IncomingMessage): boolean {
  return [HOST, 'localhost'].some((name) => headers.host === `${name}:${socket.localPort}`);
}

function sendPage(response: ServerResponse, html: string): void {
  response.setHeader('content-security-policy', `${policyOf(html, "'self'")}; frame-ancestors 'none'`);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(html);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** The file as it is now; nothing where the page has it already. It is open no longer than that takes. */
function resultsAnswer(file: string): Answer {
  const own = randomUUID();
  return (request, response) => {
    const tag = `"${own} ${stateOf(file)}"`;
    response.setHeader('etag', tag);
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    const image = request.method === 'HEAD' ? undefined : imageOf(file);
    response.writeHead(200, { 'content-type': 'application/vnd.sqlite3' }).end(image);
  };
}

function imageOf(file: string): Uint8Array {
  const store = openResults(file);
  try {
    return store.image();
  } finally {
    store.close();
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(portProblem(port, cause)));
    server.listen(port, HOST, () => resolve(`http://${HOST}:${(server.address() as AddressInfo).port}/`));
  });
}

function portProblem(port: number, cause: NodeJS.ErrnoException): InputError {
  const fix = 'Name another port, or none for a free one.';
  const expected = 'a free port';
  return new InputError({
    ...{ code: 'bad-option', where: `--port ${port}`, expected, found: String(cause.code), fix, cause },
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // A browser keeps its connection as long as the page is open.
    server.closeAllConnections();
  });
}
