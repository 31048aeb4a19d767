/** Long lists of the results page, in Chromium, on a made-up run. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPage } from '../../../src/viewer/export-page.ts';
import { emptyStore } from '../../store/sample.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeWideRun } from '../../support/wide-run.ts';
import { accessibilityProblems, isWithoutBrowser, launch, watchedPage } from '../browser.ts';
import { buildPage } from '../built.ts';

const INSTRUCTIONS = 120;
const LISTS = [
  ['instructions', '#/instruction', 'Instructions'],
  ['pairs of a cell', '#/cell?comparison=soft+against+sft&a=8&b=10', 'Pairs'],
] as const;
const WIDTHS = [400, 800, 1280] as const;
const report = join(tempFolder(), 'report.html');
let browser: Browser;

describe.skipIf(isWithoutBrowser)('a long list', () => {
  beforeAll(async () => {
    await buildPage();
    const store = emptyStore();
    writeWideRun(store, { instructions: INSTRUCTIONS, exits: 2, comparisons: 1 });
    exportPage(store.path, report);
    browser = await launch();
  });
  afterAll(() => browser?.close());

  describe.each(LISTS)('of %s', (_name, hash, label) => {
    it.each(WIDTHS)('has the rows of the window alone, all in their order, at %i px', async (width) => {
      const page = await open(hash, width);
      const list = page.getByRole('region', { name: label }).getByRole('table');
      await page.getByRole('link', { name: 'Question 0:' }).waitFor();
      expect(await list.getAttribute('aria-rowcount')).toBe(String(INSTRUCTIONS + 1));
      const seen = new Set<number>();
      for (let end = false; !end; ) {
        const { drawn, atEnd } = await page.evaluate<{ drawn: number[]; atEnd: boolean }>(SCROLL_ON);
        expect(drawn.length).toBeLessThan(60);
        for (const index of drawn) seen.add(index);
        end = atEnd;
      }
      // The head is 1.
      expect([...seen].sort((one, other) => one - other)).toEqual(
        Array.from({ length: INSTRUCTIONS }, (_, index) => index + 2),
      );
      await page.getByRole('link', { name: `Question ${INSTRUCTIONS - 1}:` }).waitFor();
      await page.context().close();
    });

    it.each(['light', 'dark'] as const)('is accessible in %s, and by the tab key', async (colorScheme) => {
      const page = await open(hash, 800, colorScheme);
      await page.getByRole('link', { name: 'Question 0:' }).focus();
      for (let row = 0; row < 30; row++) await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toMatch(/^Question 30:/);
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.context().close();
    });
  });
});

/** Half a window further; the places of the drawn rows, and whether the end of the page was reached. */
const SCROLL_ON = `(async () => {
  scrollBy(0, innerHeight / 2);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let times = 0; times < 3; times++) await frame();
  const rows = [...document.querySelectorAll('.rows tbody tr[aria-rowindex]')];
  const { scrollTop, scrollHeight } = document.documentElement;
  return { drawn: rows.map((row) => row.ariaRowIndex * 1), atEnd: scrollTop + innerHeight >= scrollHeight - 2 };
})()`;

async function open(hash: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const { page } = await watchedPage(context);
  await page.goto(`${pathToFileURL(report).href}${hash}`);
  await page.locator('.rows tbody a').first().waitFor();
  return page;
}
