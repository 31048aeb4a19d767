import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { openMemory } from '../../src/store/sqlite-driver.ts';
import { refusalOf, runMain } from '../cli/run.ts';
import { buildPage } from '../page/built.ts';
import { sampleStore } from '../store/sample.ts';
import { tempFolder } from '../support/temp-folder.ts';

beforeAll(buildPage);

async function exported(): Promise<string> {
  const path = join(tempFolder(), 'new', 'report.html');
  const { code, stdout } = await runMain(['export', path, '--db', sampleStore().path]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/report\.html {2}\d\.\d\d MB\n$/)]);
  return readFileSync(path, 'utf8');
}

describe('export', () => {
  it('writes one file with the results inside', async () => {
    const html = await exported();
    const block = /<script type="text\/plain" id="results">([^<]+)<\/script>/.exec(html)![1]!;
    const copy = openMemory(gunzipSync(Buffer.from(block, 'base64')));
    expect(copy.values('SELECT run FROM runs')).toEqual(['nano']);
    copy.close();
  });

  it('names no address to load from, and its policy allows none', async () => {
    const html = await exported();
    const head = html.slice(0, html.indexOf('<style>'));
    expect(head).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none';`);
    expect(head).toContain("connect-src 'none'");
    // What scripts hold as text is made into no element: the policy is what keeps them.
    const markup = html.replace(/<script type="module">[\s\S]*?<\/script>/g, '');
    expect(/<(script|link|img|iframe)[^>]+(src|href)="(?!data:)/.exec(markup)?.[0]).toBeUndefined();
  });

  it('allows the very script and style that it holds', async () => {
    const html = await exported();
    const script = /<script type="module">([\s\S]*?)<\/script>/.exec(html)![1]!;
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!;
    for (const text of [script, style])
      expect(html).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  });

  it('refuses a run that the file has not, and writes nothing', async () => {
    const path = join(tempFolder(), 'report.html');
    const refusal = refusalOf(await runMain(['export', path, '--db', sampleStore().path, '--run', 'nanno']));
    expect(refusal).toMatch(/--run: expected a run of .*, found "nanno"\. Did you mean nano\?/);
    expect(existsSync(path)).toBe(false);
  });

  it('says the new form to who names the results file first, as in earlier versions', async () => {
    const refusal = refusalOf(await runMain(['export', 'results.db', 'report.html']));
    expect(refusal).toContain('named by --db: `sorted-eval export report.html --db results.db`.');
  });

  it('refuses to write over a results file', async () => {
    const { path } = sampleStore();
    const before = readFileSync(path);
    const refusal = refusalOf(await runMain(['export', path, '--db', join(tempFolder(), 'report.html')]));
    expect(refusal).toContain('Name the HTML file to write, and the results file by --db.');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuses results that are not there, and leaves no file behind', async () => {
    const output = join(tempFolder(), 'report.html');
    refusalOf(await runMain(['export', output, '--db', join(tempFolder(), 'none.db')]));
    expect(existsSync(output)).toBe(false);
  });
});

describe('view', () => {
  it('refuses a port that is none', async () => {
    refusalOf(await runMain(['view', sampleStore().path, '--no-open', '--port', '70000']));
    refusalOf(await runMain(['view', sampleStore().path, '--no-open', '--port', 'x']));
  });
});
