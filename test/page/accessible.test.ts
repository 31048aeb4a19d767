/** Every view against WCAG 2.2 AA as far as axe can tell, in light and dark, at the narrowest width. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPage } from '../../src/viewer/export-page.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { accessibilityProblems, isWithoutBrowser, launch, watchedPage } from './browser.ts';
import { buildPage } from './built.ts';
import { pageStore } from './page-store.ts';

const folder = tempFolder();
const report = join(folder, 'report.html');
const CELL = 'comparison=soft-vs-sft&a=4&b=4';
const VIEWS = {
  overview: '#/overview',
  cell: `#/cell?${CELL}`,
  pair: `#/pair?${CELL}&instruction=i-cap`,
  'hostile pair': `#/pair?${CELL}&instruction=i-codes`,
  instructions: '#/instruction',
  instruction: '#/instruction?id=i-cap',
  sql: '#/sql',
  compare: '#/compare',
  published: '#/published',
  'no such view': '#/nowhere',
};
let browser: Browser;

/** Text that is wider than the window makes a reader scroll for every line. */
const scrollsSideways = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe.skipIf(isWithoutBrowser)('the results page is accessible', () => {
  beforeAll(async () => {
    await buildPage();
    exportPage(pageStore().path, report);
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it.each(
    (['light', 'dark'] as const).flatMap((scheme) =>
      [320, 800, 1600].map((width) => [scheme, width] as const),
    ),
  )('in %s at %i pixels where it shows a prompt as the model read it', async (colorScheme, width) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
    const { page } = await watchedPage(context);
    for (const id of ['i-cap', 'i-html', 'i-codes']) {
      await page.goto(`${pathToFileURL(report).href}#/instruction?id=${id}`);
      const prompt = page.locator('details', { hasText: /Prompt as .* read it/ });
      await prompt.first().waitFor();
      for (const summary of await prompt.locator('summary').all()) await summary.click();
      expect(await prompt.locator('summary ~ *').first().isVisible()).toBe(true);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
    }
    await context.close();
  });

  it.each(['light', 'dark'] as const)('in %s', async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 400, height: 800 } });
    const { page } = await watchedPage(context);
    const found: Record<string, string[]> = {};
    for (const [name, hash] of Object.entries(VIEWS)) {
      await page.goto(`${pathToFileURL(report).href}${hash}`);
      await page.locator('h1').waitFor();
      await expect.poll(() => page.getByText('Reading …').count()).toBe(0);
      found[name] = await accessibilityProblems(page);
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(VIEWS).map((name) => [name, []])));
    await context.close();
  });
});
