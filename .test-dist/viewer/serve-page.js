/** The results page on this machine alone: one page, and the files that it shows, read at the moment they are asked for. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { InputError } from '../core/errors.js';
import { openReadOnlyStore } from '../store/database.js';
import { policyOf, readPage } from './page-file.js';
const HOST = '127.0.0.1';
/** @throws InputError for a file that is no results file, `bad-option` for a port that is taken */
export async function serveResults({ db, second, port }) {
    const page = readPage();
    const stores = [{ path: '/results.db', store: openReadOnlyStore(db) }];
    if (second !== undefined)
        stores.push({ path: '/second.db', store: openReadOnlyStore(second) });
    const html = withPaths(page, stores);
    const answers = new Map([['/', (_request, response) => sendPage(response, html)]]);
    for (const { path, store } of stores)
        answers.set(path, resultsAnswer(store));
    const server = createServer((request, response) => answer(request, response, answers));
    const closeStores = () => {
        for (const { store } of stores)
            store.close();
    };
    try {
        const url = await listen(server, port);
        return { url, close: () => closeServer(server).then(closeStores) };
    }
    catch (error) {
        closeStores();
        throw error;
    }
}
/** The page finds in its head what it may fetch. */
function withPaths(page, stores) {
    const tags = stores.map(({ path }) => `<meta name="sorted-eval-${path.slice(1, -3)}" content="${path}">`);
    return page.replace('<!--head-->', () => tags.join(''));
}
function answer(request, response, answers) {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cache-control', 'no-store');
    const refused = refusal(request);
    if (refused !== undefined)
        sendText(response, ...refused);
    else
        respond(request, response, answers.get(request.url ?? ''));
}
function refusal(request) {
    if (!isOwnHost(request))
        return [403, 'This server answers to its own host name alone.'];
    return request.method === 'GET' || request.method === 'HEAD' ? undefined : [405, 'GET alone.'];
}
function respond(request, response, found = notFound) {
    try {
        found(request, response);
    }
    catch (error) {
        sendText(response, 500, error instanceof Error ? error.message : String(error));
    }
}
const notFound = (_request, response) => sendText(response, 404, 'There is no such page.');
/** A page of another site can make its own name point here, but it cannot send another name than that. */
function isOwnHost({ headers, socket }) {
    return [HOST, 'localhost'].some((name) => headers.host === `${name}:${socket.localPort}`);
}
function sendPage(response, html) {
    response.setHeader('content-security-policy', `${policyOf(html, "'self'")}; frame-ancestors 'none'`);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(html);
}
function sendText(response, status, text) {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
/** The file as it is now; nothing where the page has it already. */
function resultsAnswer(store) {
    const own = randomUUID();
    return (request, response) => {
        const tag = `"${own} ${store.version()}"`;
        response.setHeader('etag', tag);
        if (request.headers['if-none-match'] === tag) {
            response.writeHead(304).end();
            return;
        }
        response.writeHead(200, { 'content-type': 'application/vnd.sqlite3' });
        response.end(request.method === 'HEAD' ? undefined : store.image());
    };
}
function listen(server, port) {
    return new Promise((resolve, reject) => {
        server.once('error', (cause) => reject(portProblem(port, cause)));
        server.listen(port, HOST, () => resolve(`http://${HOST}:${server.address().port}/`));
    });
}
function portProblem(port, cause) {
    const fix = 'Name another port, or none for a free one.';
    const expected = 'a free port';
    return new InputError({
        ...{ code: 'bad-option', where: `--port ${port}`, expected, found: String(cause.code), fix, cause },
    });
}
function closeServer(server) {
    return new Promise((resolve) => {
        server.close(() => resolve());
        // A browser keeps its connection open for as long as its page is.
        server.closeAllConnections();
    });
}
