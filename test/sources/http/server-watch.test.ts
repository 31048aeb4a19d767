import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpointSchema } from '../../../src/sources/http/endpoint.ts';
import { completeAll } from '../../../src/sources/http/openai.ts';
import { type WaitSettings, waitingForServers } from '../../../src/sources/http/server-watch.ts';
import { completion } from '../../support/open-server.ts';

/** Answers after a moment, so that requests are under way when it is stopped. */
function listen(port: number, onAnswer = () => {}): Promise<Server> {
  const server = createServer((_request, response) => {
    setTimeout(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(completion('x').body));
      onAnswer();
    }, 5);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function freePort(): Promise<number> {
  const server = await listen(0);
  const { port } = server.address() as AddressInfo;
  await stop(server);
  return port;
}

async function ask(port: number) {
  const endpoint = endpointSchema.parse({ baseUrl: `http://127.0.0.1:${port}/v1`, backoffSeconds: 0.01 });
  const prompts = Array.from({ length: 60 }, (_, tag) => ({ tag, model: 'm', text: 'p' }));
  const [startedAt, errors] = [performance.now(), [] as string[]];
  for await (const reply of completeAll(endpoint, prompts, { maxNewTokens: 4 }))
    if ('error' in reply) errors.push(reply.error);
  return { errors, seconds: (performance.now() - startedAt) / 1000 };
}

/** What runs `within` is one command; with what it noted. */
function command(settings: WaitSettings = {}) {
  const notes: string[] = [];
  const patience = { ...settings, note: (text: string) => void notes.push(text) };
  return { notes, within: <Result>(work: () => Result) => waitingForServers(patience, work) };
}

describe('a server that never answered', () => {
  it('is given up within 10 s, and at once by whoever asks it next', async () => {
    const port = await freePort();
    const { notes, within } = command();
    const [first, next] = await within(async () => [await ask(port), await ask(port)] as const);
    expect(first.seconds).toBeLessThan(10);
    expect(first.errors).toHaveLength(60);
    const reasons = ['connection failed: ECONNREFUSED', 'not tried: the server did not answer any more'];
    expect(new Set(first.errors)).toEqual(new Set(reasons));
    expect(next.seconds).toBeLessThan(2);
    expect(notes).toEqual([
      `http://127.0.0.1:${port}/v1: connection failed: ECONNREFUSED; waiting up to 3 s for the server (--wait-for-server)`,
      `http://127.0.0.1:${port}/v1: no server after 3 s. Start it, or correct baseUrl in the sweep file.`,
    ]);
  });

  it('is given up as fast where fetch refuses its port, and named', async () => {
    const { notes, within } = command({ waitForServerSeconds: 0 });
    const { errors, seconds } = await within(() => ask(6000));
    expect(seconds).toBeLessThan(5);
    expect(errors).toContain('connection failed: bad port');
    expect(notes[0]).toMatch(/bad port; waiting up to 0 s/);
  });

  it('is waited for as long as the caller says', async () => {
    const port = await freePort();
    const asking = command({ waitForServerSeconds: 20 }).within(() => ask(port));
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const server = await listen(port);
    onTestFinished(() => stop(server));
    expect((await asking).errors).toEqual([]);
  });
});

describe('a server that is lost', () => {
  it('is waited for, which is said, and no prompt is lost with it', async () => {
    const port = await freePort();
    let answers = 0;
    const first = await listen(port, () => {
      if (++answers === 20) void stop(first);
    });
    const { notes, within } = command();
    const asking = within(() => ask(port));
    await new Promise((resolve) => first.once('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const second = await listen(port);
    onTestFinished(() => stop(second));
    expect((await asking).errors).toEqual([]);
    expect(notes[0]).toMatch(/ECONNREFUSED; waiting up to 120 s for the server/);
    expect(notes[1]).toMatch(/: there again after \d+ s$/);
    expect(notes).toHaveLength(2);
  });

  it('for longer than that leaves its prompts unanswered', async () => {
    const port = await freePort();
    let answers = 0;
    const server = await listen(port, () => {
      if (++answers === 20) void stop(server);
    });
    const { notes, within } = command({ waitForServerSeconds: 1 });
    const { errors, seconds } = await within(() => ask(port));
    expect(errors.length).toBeGreaterThan(20);
    expect(seconds).toBeLessThan(10);
    expect(notes.at(-1)).toMatch(/: no server after 1 s\. Start it/);
  });
});
