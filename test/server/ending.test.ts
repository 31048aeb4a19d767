import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, runBin } from '../cli/run.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Answer, complete, events, post } from './served.ts';

const root = tempFolder();
const model = join(root, 'tiny');

beforeAll(() => {
  importRandomModel(root, 'tiny', {
    exits: [2, 4],
    contextLength: 2000,
    hiddenSize: 64,
    config: { eos_token_id: 255 },
  });
});

/** The command as a process; `url` is what it prints first. */
async function started(args: readonly string[]) {
  const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
  const child = spawn(process.execPath, [bin, 'serve', ...args, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [first] = await once(child.stdout, 'data');
  const url = String(first).split('/v1\n')[0]!;
  return { child, url, stderr: () => stderr, exit: once(child, 'exit') };
}

describe('a server that gets SIGTERM', () => {
  it('answers what has begun, refuses what comes, and ends with 0', async () => {
    const args = [model, '--workers', '1', '--speculative', '2:4', '--adaptive', 'carried:0.9'];
    const { child, url, exit, stderr } = await started(args);
    const body = { model: 'tiny', prompt: 'Once', max_tokens: 900, seed: 1, temperature: 1 };
    const dynamic = ['speculative:2:4', 'adaptive:carried:0.9'].map((depth) =>
      complete(url, { model: `tiny@${depth}`, prompt: 'Once', max_tokens: 900 }),
    );
    const streamed = await post(url, '/v1/completions', { ...body, stream: true });
    const long = complete(url, body);
    // Asked while the engine computes: the event loop is free.
    const health = (await (await fetch(`${url}/health`)).json()) as { status: string };
    expect(health.status).toBe('ok');
    child.kill('SIGTERM');
    await expect.poll(() => stderr()).toContain('Ending');
    const refused = await post(url, '/v1/completions', body);
    expect(refused.status).toBe(503);
    expect(((await refused.json()) as Answer).error).toMatchObject({ code: 'ending', type: 'server_error' });
    expect((await fetch(`${url}/health`)).status).toBe(503);
    const whole = (await long).choices[0]!;
    expect(['stop', 'length']).toContain(whole.finish_reason);
    for (const one of await Promise.all(dynamic))
      expect(['stop', 'length']).toContain(one.choices[0]!.finish_reason);
    const parts = await events<Answer>(streamed);
    expect(parts.map(({ choices }) => choices[0]!.text).join('')).toBe(whole.text);
    expect((await exit)[0]).toBe(0);
  });
});

describe('a client that goes away', () => {
  it('ends its requests: the others need not wait for them', async () => {
    const { child, url, exit } = await started([model, '--workers', '1']);
    const gone = new AbortController();
    const body = { model: 'tiny', prompt: Array(60).fill('Once'), max_tokens: 1900 };
    const asked = [body, { ...body, stream: true }].map((one) =>
      post(url, '/v1/completions', one, { signal: gone.signal }).then((response) => response.text()),
    );
    const health = async () => {
      const { running, waiting } = (await (await fetch(`${url}/health`)).json()) as Record<string, number>;
      return running! + waiting!;
    };
    await expect.poll(health).toBeGreaterThan(60);
    gone.abort();
    for (const one of asked) await expect(one).rejects.toThrow();
    await expect.poll(health, { timeout: 3000 }).toBe(0);
    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
  });
});

describe('serve is refused in one line', () => {
  it.each<[string, string[], RegExp]>([
    ['of a folder that is none', ['/nowhere'], /\/nowhere/],
    ['of a checkpoint', [join(root, 'tiny-checkpoint')], /model\.json/],
    ['of two models of one name', [model, model], /several named tiny/],
    ['at an address of another machine', [model, '--host', '203.0.113.9'], /EADDRNOTAVAIL/],
    ['with a name as its address', [model, '--host', 'example.org'], /--host/],
    ['with a threshold of 2', [model, '--adaptive', '2'], /--adaptive/],
    [
      'with a way to skip layers that there is not',
      [model, '--adaptive', 'carry:0.9'],
      /--adaptive.*carry:0\.9/,
    ],
    ['with a draft of no tokens', [model, '--speculative', '2:0'], /--speculative.*2:0/],
    ['with a draft of an exit that is not there', [model, '--speculative', '3:4'], /tiny@speculative:3:4/],
    ['with a draft of the deepest exit', [model, '--speculative', '4:4'], /before the deepest one, 4/],
    ['with a key that is not set', [model, '--api-key-env', 'NO_SUCH_KEY'], /NO_SUCH_KEY/],
    ['with a port of -1', [model, '--port', '-1'], /--port/],
  ])('%s', async (_, args, text) => {
    expect(refusalOf(await runBin(['serve', ...args]))).toMatch(text);
  });
});
