import { request } from 'node:http';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { openMemory } from '../../src/store/sqlite-driver.ts';
import { finishRun } from '../../src/store/tables/run-table.ts';
import { type Served, type ServeOptions, serveResults } from '../../src/viewer/serve-page.ts';
import { buildPage } from '../page/built.ts';
import { sampleStore } from '../store/sample.ts';

const open: Served[] = [];

beforeAll(buildPage);
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
});

async function serve(options: Omit<ServeOptions, 'port'> & { port?: number }): Promise<Served> {
  const served = await serveResults({ port: 0, ...options });
  open.push(served);
  return served;
}

/** `fetch` would not send another host name. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
}

describe('serveResults', () => {
  it('serves the page under a policy that lets nothing else run', async () => {
    const { url } = await serve({ db: sampleStore().path });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const response = await fetch(url);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval';/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(await response.text()).toContain('<meta name="sorted-eval-results" content="/results.db">');
  });

  it('gives the results as they are at that moment, and nothing where they are known', async () => {
    const store = sampleStore();
    const { url } = await serve({ db: store.path });
    const first = await fetch(`${url}results.db`);
    const tag = first.headers.get('etag')!;
    const runsIn = async (response: Response) => {
      const copy = openMemory(new Uint8Array(await response.arrayBuffer()));
      const finished = copy.values('SELECT finished_at IS NOT NULL FROM runs');
      copy.close();
      return finished;
    };
    expect(await runsIn(first)).toEqual([0]);
    const again = () => fetch(`${url}results.db`, { headers: { 'if-none-match': tag } });
    expect((await again()).status).toBe(304);
    finishRun(store, 'nano');
    const changed = await again();
    expect(changed.status).toBe(200);
    expect(await runsIn(changed)).toEqual([1]);
  });

  it('answers to its own host name alone', async () => {
    const { url } = await serve({ db: sampleStore().path });
    const { port } = new URL(url);
    expect(await statusFor(url, `127.0.0.1:${port}`)).toBe(200);
    expect(await statusFor(url, `localhost:${port}`)).toBe(200);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`])
      expect(await statusFor(`${url}results.db`, host), host).toBe(403);
  });

  it('has no other files and takes nothing', async () => {
    const { url } = await serve({ db: sampleStore().path });
    for (const path of ['second.db', '../package.json', '%2e%2e/package.json', 'results.db?x', 'results.db/'])
      expect((await fetch(`${url}${path}`)).status, path).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await fetch(`${url}results.db`, { method })).status, method).toBe(405);
  });

  it('serves a second file beside the first', async () => {
    const { url } = await serve({ db: sampleStore().path, second: sampleStore().path });
    expect((await fetch(`${url}second.db`)).status).toBe(200);
  });

  it('refuses a port that is taken and a file that is none', async () => {
    const db = sampleStore().path;
    const { url } = await serve({ db });
    const taken = serve({ db, port: Number(new URL(url).port) });
    await expect(taken).rejects.toThrow(/expected a free port, found EADDRINUSE/);
    await expect(serve({ db: `${db}.none` })).rejects.toThrow(InputError);
  });
});
