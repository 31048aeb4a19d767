import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listedOrRecalled, openServed } from '../../../src/sources/served/open-served.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { LISTED, startListing } from './listed.ts';

const notes: string[] = [];
const progress = { note: (text: string) => void notes.push(text) };

/** A model that the server had when a command began, and where it was. */
async function opened() {
  const output = tempFolder();
  const server = await startListing([LISTED]);
  const options = { output, progress };
  const first = await openServed(server.place, 'soft', 'models.soft', options);
  const port = Number(new URL(server.place.baseUrl).port);
  return { output, server, options, first, port };
}

describe('a model of a server that is down', () => {
  it('is what the server said of it before, in the same output folder', async () => {
    const { output, server, options, first } = await opened();
    expect(first.confirm).toBeUndefined();
    await server.end();
    const again = await openServed(server.place, 'soft', 'models.soft', options);
    expect(again.listed).toEqual(first.listed);
    expect(notes.at(-1)).toMatch(
      /ECONNREFUSED\. Stored results of soft are used; new ones need the server\.$/,
    );
    expect((await listedOrRecalled(server.place, 'soft', 'models.soft', { output })).exits).toEqual([
      2, 3, 4,
    ]);
    const elsewhere = { ...options, output: tempFolder() };
    const unknown = openServed(server.place, 'soft', 'models.soft', elsewhere);
    await expect(unknown).rejects.toMatchObject({ code: 'unanswered' });
    await expect(openServed(server.place, 'sft', 'models.sft', options)).rejects.toThrow('models.sft.server');
  });

  it('is asked for before its first request, with an error of its own where it stays away', async () => {
    const { server, options } = await opened();
    await server.end();
    const { confirm } = await openServed(server.place, 'soft', 'models.soft', options);
    await expect(confirm!()).rejects.toMatchObject({ code: 'unanswered', where: 'models.soft.server' });
  });

  it.each([
    ['goes on with the same model', LISTED, undefined],
    ['refuses another one', { ...LISTED, system_fingerprint: 'f2' }, 'found another: f2'],
  ])('%s once the server is back', async (_, listed, problem) => {
    const { server, options, port } = await opened();
    await server.end();
    const { confirm } = await openServed(server.place, 'soft', 'models.soft', options);
    await startListing([listed], undefined, port);
    const said = await confirm!().catch((error: Error) => error.message);
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(problem);
  });

  it('is not asked for by a command that only reads, nor without its key', async () => {
    const { server, options } = await opened();
    const reading = await openServed(server.place, 'soft', 'models.soft', { ...options, servers: 'recall' });
    expect(reading.confirm).toBeDefined();
    vi.stubEnv('SORTED_EVAL_TEST_UNSET', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    const place = { ...server.place, apiKeyEnv: 'SORTED_EVAL_TEST_UNSET' };
    const { listed } = await openServed(place, 'soft', 'models.soft', options);
    expect(listed.system_fingerprint).toBe('f1');
    expect(notes.at(-1)).toContain('environment variable SORTED_EVAL_TEST_UNSET is not set');
  });

  it('that says otherwise while it is there is taken at its word', async () => {
    const { server, options, port } = await opened();
    await server.end();
    const { place } = await startListing([{ ...LISTED, system_fingerprint: 'f2' }], undefined, port);
    const { listed } = await openServed(place, 'soft', 'models.soft', options);
    expect(listed.system_fingerprint).toBe('f2');
  });
});
