/** The results page as people use it, in Chromium: from disk for the most part, and served where it must be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finishRun, openRun } from '../../src/store/tables/run-table.ts';
import { exportPage } from '../../src/viewer/export-page.ts';
import { serveResults } from '../../src/viewer/serve-page.ts';
import { setup } from '../store/sample-run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { isWithoutBrowser, launch, type Watched, watchedPage } from './browser.ts';
import { buildPage } from './built.ts';
import { pageStore } from './page-store.ts';

const folder = tempFolder();
const report = join(folder, 'report.html');
const address = pathToFileURL(report).href;
let browser: Browser;
let context: BrowserContext;
let watched: Watched;
let page: Page;

describe.skipIf(isWithoutBrowser)('the results page', () => {
  beforeAll(async () => {
    await buildPage();
    const store = pageStore();
    exportPage(store.path, report);
    browser = await launch();
    // Whatever is not on this disk cannot be reached.
    context = await browser.newContext({ offline: true });
    watched = await watchedPage(context);
    page = watched.page;
    page.setDefaultTimeout(15_000);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    await page.goto('about:blank');
    await page.goto(address);
    await page.getByRole('heading', { name: 'Run nano' }).waitFor();
  });

  it('leads from the overview to a cell, to a pair, to the next one by keyboard, and back', async () => {
    await page.getByRole('link', { name: /^0\.60\./ }).click();
    await heading('soft exit 4 against sft exit 4');
    await page.getByRole('link', { name: 'Add the two numbers.' }).click();
    await heading('Add the two numbers.');
    await page.getByText('1 of 5').waitFor();
    await page.keyboard.press('ArrowRight');
    await heading('Name the capital.');
    expect(await page.locator('mark').allTextContents()).toEqual(['France', 'Paris', 'Italy', 'Rome']);
    const first = page.getByRole('article', { name: 'Verdict with soft exit 4 first' });
    expect(await first.textContent()).toContain('Prefers soft exit 4');
    expect(await first.textContent()).toContain('because');
    await page.keyboard.press('k');
    await heading('Add the two numbers.');
    await page.goBack();
    await heading('Name the capital.');
    await page.keyboard.press('u');
    await heading('soft exit 4 against sft exit 4');
  });

  it('shows score, interval and p of a cell under the pointer and by the arrow keys; uncertain cells look so', async () => {
    const faint = page.getByRole('link', { name: /^0\.10\./ });
    await faint.hover();
    const detail = page.locator('.matrix .detail');
    expect(await detail.textContent()).toMatch(
      /Score 0\.10; 95 % interval -0\.10 to 0\.30; p 0\.200; corrected p 0\.400/,
    );
    expect(await page.locator('td.faint').allTextContents()).toEqual(['0.10']);
    await faint.focus();
    await page.keyboard.press('ArrowRight');
    expect(await detail.textContent()).toContain('Score 0.60');
  });

  it('lists the checks, the deviations in words, and how far the judge agrees', async () => {
    const text = () => page.locator('main').textContent();
    await expect.poll(text).toMatch(/failed malformed verdicts: 1 of 10/);
    await expect.poll(text).toContain('greedy decoding');
    await page.getByRole('row', { name: /soft-vs-sft 5 60\.0 %/ }).waitFor();
  });

  it('counts a cell by order, filters by outcome, searches whole texts and sorts', async () => {
    await open('#/cell?comparison=soft-vs-sft&a=4&b=4');
    await page.getByRole('row', { name: 'soft exit 4 first 2 0 2 1' }).waitFor();
    await page.getByText('Flip rate: 25.0 % (1 of 4 pairs').waitFor();
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('tie');
    await status('2 of 5 pairs');
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('');
    await page.getByRole('searchbox').fill('ROME');
    await status('1 of 5 pairs');
    expect(page.url()).toContain('search=ROME');
    await page.getByRole('link', { name: 'Name the capital.' }).click();
    await page.getByText('1 of 1').waitFor();
  });

  it('shows one instruction at all exits of all models', async () => {
    await page.getByRole('link', { name: 'Instructions' }).click();
    await page.getByRole('searchbox').fill('capital');
    await page.getByRole('link', { name: 'Name the capital.' }).click();
    await page
      .getByRole('row', { name: /^4 wrong The capital of France is Paris wrong The capital of Italy/ })
      .waitFor();
    expect(await page.getByRole('columnheader').allTextContents()).toEqual(['Exit', 'soft', 'sft']);
  });

  it('answers SQL that only reads, downloads it, and teaches where it cannot', async () => {
    await page
      .locator('section[aria-labelledby=scores]')
      .getByRole('link', { name: 'Show the query' })
      .last()
      .click();
    await status('2 rows');
    await page.getByLabel('Query').fill('SELECT \'a,"b"\' AS quoted, 9007199254740993 AS big, NULL AS none');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('columnheader', { name: 'quoted' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toBe(
      'quoted,big,none\r\n"a,""b""",9007199254740993,\r\n',
    );
    for (const [sql, expected] of [
      ['SELECT * FROM respones', 'Did you mean responses?'],
      ['DELETE FROM answer', 'only reads'],
      ['SELECT 1; SELECT 2', 'only reads'],
    ] as const) {
      await page.getByLabel('Query').fill(sql);
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByRole('alert').filter({ hasText: expected }).waitFor();
    }
  });

  it('stops a query that does not end, and goes on', async () => {
    await open('#/sql');
    const endless =
      'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
    await page.getByLabel('Query').fill(endless);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alert').filter({ hasText: 'Stopped.' }).waitFor();
    await page.getByLabel('Query').fill('SELECT count(*) AS answers FROM responses');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('cell', { name: '20' }).waitFor();
  });

  it('sets a second file beside the first: differences and pairs whose verdict changed', async () => {
    const other = pageStore({ winner: 'b', score: 0.2 });
    await page.getByRole('link', { name: 'Two runs' }).click();
    const image = Buffer.from(other.image());
    await page
      .getByLabel('Second results file')
      .setInputFiles({ name: 'other.db', mimeType: '', buffer: image });
    await page
      .getByRole('link', {
        name: '0.40. Exit 4 against 4: Score 0.30 here, -0.10 there, both on the 5 instructions that both runs judged',
      })
      .waitFor();
    await status('1 pairs; 1 in the whole comparison.');
    await page.getByRole('row', { name: 'i-cap 4 against 4 sft preferred soft preferred' }).waitFor();
    await page.getByRole('link', { name: 'Against the paper' }).click();
    await page.getByRole('heading', { name: 'Score of run nano minus the published score' }).waitFor();
  });

  it('names run and view in the title of its tab, and says so where an address leads nowhere', async () => {
    await expect.poll(() => page.title()).toBe('Overview · nano · sorted-eval');
    await open('#/cell?comparison=soft-vs-sft&a=4&b=3');
    await heading('soft exit 4 against sft exit 3');
    await expect.poll(() => page.title()).toBe('soft-vs-sft, 4 against 3 · nano · sorted-eval');
    await open('#/scores');
    await heading('There is no such view');
    expect(await page.locator('main').textContent()).toContain('#/scores');
    await expect.poll(() => page.title()).toBe('No such view · nano · sorted-eval');
    await page.getByRole('link', { name: 'To the overview' }).click();
    await heading('Run nano');
  });

  it('rounds numbers of SQL with all digits under the pointer, knows columns, and remembers what ran', async () => {
    await open('#/sql?q=SELECT+2.0/3+AS+share,+12345678+AS+whole');
    const share = page.getByRole('cell', { name: '0.6667' });
    expect(await share.getAttribute('title')).toBe('0.6666666666666666');
    await page.getByRole('cell', { name: '12345678' }).waitFor();
    await page.getByText('depth_gaps', { exact: true }).first().click();
    await page.getByLabel('Query').fill('SELECT ');
    await page.getByRole('button', { name: 'standing' }).click();
    expect(await page.getByLabel('Query').inputValue()).toBe('SELECT standing');
    await page.getByLabel('Earlier').selectOption({ label: 'SELECT 2.0/3 AS share, 12345678 AS whole' });
    expect(await page.getByLabel('Query').inputValue()).toContain('2.0/3');
  });

  it('refuses a dropped file that is no results file, and keeps what it shows', async () => {
    await page.evaluate(`{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['no database'], 'holiday.jpg'));
      dispatchEvent(new DragEvent('drop', { dataTransfer }));
    }`);
    await page.getByRole('alert').filter({ hasText: 'holiday.jpg: expected a results file' }).waitFor();
    await heading('Run nano');
  });

  it('uses no network, and nothing goes wrong in it', () => {
    expect(watched.requests).toEqual([]);
    expect(watched.problems).toEqual([]);
  });

  describe('with hostile answers', () => {
    it('shows markup as text', async () => {
      await open('#/pair?comparison=soft-vs-sft&a=4&b=4&instruction=i-html');
      const answer = page.getByRole('article', { name: 'Answer of soft exit 4' });
      expect(await answer.textContent()).toContain('<script>window.broken = 1</script>');
      await page.getByText('### Reason: <img').first().waitFor({ state: 'attached' });
      expect(await page.evaluate('window.broken')).toBeUndefined();
      expect(await page.locator('main img, main script, main b').count()).toBe(0);
      expect(watched.requests).toEqual([]);
    });

    it('makes control codes and marks of direction visible, each text in a direction of its own', async () => {
      await open('#/pair?comparison=soft-vs-sft&a=4&b=4&instruction=i-codes');
      const text = await page
        .getByRole('article', { name: 'Answer of sft exit 4' })
        .locator('bdi')
        .textContent();
      expect(text).toBe('␛[31mred␛[0m ⟨U+202E⟩abc ␀ עברית');
      expect(
        await page.locator('main bdi').evaluateAll((all) => all.every(({ dir }) => dir === 'auto')),
      ).toBe(true);
    });

    it('shows the beginning of a megabyte, and more of it at a click', async () => {
      await open('#/pair?comparison=soft-vs-sft&a=4&b=4&instruction=i-long');
      const answer = page.getByRole('article', { name: 'Answer of soft exit 4' });
      await answer.getByText('4,000 of 1,000,000 characters').waitFor();
      expect((await answer.locator('bdi').textContent())!.length).toBeLessThanOrEqual(4000);
      await answer.getByRole('button').click();
      await answer.getByText('104,000 of 1,000,000 characters').waitFor();
      await page.getByText('too long to be compared word by word').waitFor();
    });

    it('keeps the page within its width', async () => {
      await page.setViewportSize({ width: 400, height: 800 });
      for (const instruction of ['i-html', 'i-codes', 'i-long']) {
        await open(`#/pair?comparison=soft-vs-sft&a=4&b=4&instruction=${instruction}`);
        await page.getByRole('article').first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth'), instruction).toBeLessThanOrEqual(
          400,
        );
      }
      await page.setViewportSize({ width: 1280, height: 720 });
    });
  });

  it('shows first the run that `--run` named, served and exported; a link names another', async () => {
    const store = pageStore();
    openRun(store, setup({ run: 'later' }));
    const served = await serveResults({ db: store.path, run: 'nano', port: 0 });
    const file = join(folder, 'of-nano.html');
    exportPage(store.path, file, 'nano');
    const online = await browser.newContext();
    const tab = (await watchedPage(online)).page;
    for (const place of [served.url, pathToFileURL(file).href]) {
      await tab.goto(place);
      await tab.getByRole('heading', { name: 'Run nano' }).waitFor();
      await tab.goto('about:blank');
      await tab.goto(`${place}#/overview?run=later`);
      await tab.getByRole('heading', { name: 'Run later' }).waitFor();
    }
    await online.close();
    await served.close();
  });

  it('follows a file that is still written to, when it is served', async () => {
    const store = pageStore();
    const served = await serveResults({ db: store.path, port: 0 });
    const online = await browser.newContext();
    const live = await watchedPage(online);
    await live.page.goto(served.url);
    await live.page.getByText('The run is not finished').waitFor();
    finishRun(store, 'nano');
    await live.page.getByText('The run is not finished').waitFor({ state: 'detached' });
    expect(live.problems).toEqual([]);
    expect(live.requests.every((url) => url.startsWith(served.url))).toBe(true);
    await online.close();
    await served.close();
  });
});

const open = (hash: string) => page.goto(`${address}${hash}`);
const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const status = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();
