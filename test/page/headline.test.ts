/** The first screen of the page: what came out of a run, whatever it has. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/database.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { saveChecks } from '../../src/store/tables/score-table.ts';
import { exportPage } from '../../src/viewer/export-page.ts';
import { judgedRun, LOSS, repeated, TIE, WIN } from '../store/judged-run.ts';
import { emptyStore } from '../store/sample.ts';
import { setup } from '../store/sample-run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { saveTimed } from '../support/timed-speed.ts';
import { accessibilityProblems, isWithoutBrowser, launch, watchedPage } from './browser.ts';
import { buildPage } from './built.ts';

const folder = tempFolder();
const PATIENT = { timeout: 15_000 };
let browser: Browser;

const SIDEWAYS = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
const place = (selector: string) => `document.querySelector('${selector}').getBoundingClientRect().bottom`;

/** Pixels between the word `Exit` and the number of the margin in the next column's head. */
const LEFT_OF_MARGIN = `(() => {
  const word = document.createRange();
  word.selectNodeContents(document.querySelector('.intervals th'));
  const margin = document.querySelector('.intervals .scale span').getBoundingClientRect();
  return margin.left - word.getBoundingClientRect().right;
})()`;

/** soft@3 is as good as full sft in all of 100 pairs, and twice as fast. */
function enoughRun(): Store {
  const store = judgedRun({ 3: repeated([TIE, 100]), 4: repeated([WIN, 100]) });
  const timed = { batchSize: 1, tokens: 10 };
  saveTimed(store, 'nano', [
    { ...timed, model: 'soft', exit: 3, durationsMs: [5, 5, 5, 5, 5, 5] },
    { ...timed, model: 'sft', exit: 4, durationsMs: [10, 10, 10, 10, 10, 10] },
  ]);
  store.run(`UPDATE run SET config_json = '{"speed":{"batchSizes":[1]}}'`, {});
  saveChecks(store, 'nano', [{ name: 'symmetry', passed: true, detail: 'all cells' }]);
  return store;
}

describe.skipIf(isWithoutBrowser)('the headline', () => {
  beforeAll(async () => {
    await buildPage();
    browser = await launch();
  });
  afterAll(() => browser?.close());
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

  async function open(store: Store, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const report = join(folder, `${width}-${colorScheme}.html`);
    exportPage(store.path, report);
    const context = await browser.newContext({
      colorScheme,
      offline: true,
      viewport: { width, height: 800 },
    });
    const { page } = await watchedPage(context);
    await page.goto(pathToFileURL(report).href);
    await page.locator('.headline p').first().waitFor();
    await expect.poll(() => page.getByText('Reading …').count(), PATIENT).toBe(0);
    return page;
  }

  it('answers on the first screen which exit is enough, what it saves, how sure that is, and who says so', async () => {
    const page = await open(enoughRun(), 1280);
    const claim = page.locator('.claim');
    expect(await claim.textContent()).toBe(
      'soft at exit 3 (75 % of its depth) is not worse than the full sft model.',
    );
    expect(await page.locator('.tile .value').allTextContents()).toEqual([
      'Exit 3 of 4',
      '25 % of the layers',
      '0.00 [−0.03, 0.03]',
      'nano-judge',
    ]);
    const tiles = (await page.locator('.tiles').textContent())!;
    expect(tiles).toContain('2.00 times the tokens per second of the full sft model [2.00, 2.00], batch 1');
    expect(tiles).toContain('for all 2 exits together');
    expect(await page.locator('.check').allTextContents()).toEqual(['symmetry: passed']);
    expect(await page.evaluate<number>(place('.checks-shown'))).toBeLessThan(800);
    expect(await page.locator('.headline').textContent()).toContain('scores Show the query: depths');
    await page.getByRole('row', { name: '3 0.00 [−0.03, 0.03] not worse' }).waitFor();
  });

  it.each([
    [
      'what is not decided',
      () => judgedRun({ 3: repeated([WIN, 20], [LOSS, 20]), 4: repeated([WIN, 20], [LOSS, 20]) }),
      'is not decided',
    ],
    [
      'that no exit reaches full depth',
      () => judgedRun({ 3: repeated([LOSS, 50]), 4: repeated([LOSS, 50]) }),
      'all 2 are worse',
    ],
    [
      'what a run lacks',
      () => {
        const store = emptyStore();
        openRun(store, setup());
        return store;
      },
      'cannot be said',
    ],
  ] as const)('says %s', async (_what, make, words) => {
    const page = await open(make(), 800);
    expect(await page.locator('.headline').textContent()).toContain(words);
  });

  it.each(
    [400, 800, 1600].flatMap((width) =>
      (['light', 'dark'] as const).map((scheme) => [width, scheme] as const),
    ),
  )('is accessible and fits into %i pixels in %s', async (width, scheme) => {
    const page = await open(enoughRun(), width, scheme);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate(SIDEWAYS)).toBe(false);
    expect(await page.evaluate<number>(LEFT_OF_MARGIN)).toBeGreaterThanOrEqual(0);
  });
});
