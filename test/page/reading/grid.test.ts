/** One instruction at 12 exits of four models on the results page, in Chromium. */
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

const report = join(tempFolder(), 'report.html');
let browser: Browser;

describe.skipIf(isWithoutBrowser)('one instruction at all exits', () => {
  beforeAll(async () => {
    await buildPage();
    const store = emptyStore();
    writeWideRun(store, { instructions: 4, exits: 12, comparisons: 3 });
    exportPage(store.path, report);
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it.each([400, 800, 1280])(
    'keeps exits and models in sight while it is scrolled, at %i px',
    async (width) => {
      const page = await open(width);
      const placed = await page.evaluate(`(${SCROLLED})(document.querySelector('.scroll:has(.grid)'))`);
      expect(placed).toEqual({ head: 0, rowHead: 0, isScrolled: true });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.context().close();
    },
  );

  it('clamps long answers, each of which opens by itself, or all at once', async () => {
    const page = await open(1280);
    const clamped = page.locator('.clamped');
    const all = await clamped.count();
    expect(all).toBeGreaterThan(4);
    const more = page.getByRole('button', { name: /^More of soft at exit/ }).first();
    await more.click();
    expect(await clamped.count()).toBe(all - 1);
    await page.getByRole('button', { name: /^Less of soft at exit/ }).click();
    expect(await clamped.count()).toBe(all);
    await page.getByRole('checkbox', { name: 'whole texts' }).check();
    expect(await clamped.count()).toBe(0);
    await page.context().close();
  });

  it('leaves out exits that are switched off, also for who is sent the address', async () => {
    const page = await open(1280);
    const exits = () => page.getByRole('rowheader').allTextContents();
    expect(await exits()).toHaveLength(12);
    await page.getByRole('checkbox', { name: '8', exact: true }).uncheck();
    await page.getByRole('checkbox', { name: '30', exact: true }).uncheck();
    expect(await exits()).toEqual(['10', '12', '14', '16', '18', '20', '22', '24', '26', '28']);
    const address = page.url();
    await page.goto('about:blank');
    await page.goto(address);
    await page.locator('.grid').waitFor();
    expect(await exits()).toHaveLength(10);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('is accessible in %s', async (colorScheme) => {
    const page = await open(800, colorScheme);
    await page
      .getByRole('button', { name: /^More of soft/ })
      .first()
      .click();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.context().close();
  });
});

/** Distances of a head of a column from the top of its frame, and of a head of a row from the left, once it is scrolled. */
const SCROLLED = `(frame) => {
  frame.scrollTop = 400;
  frame.scrollLeft = 100;
  const { top, left } = frame.getBoundingClientRect();
  const head = frame.querySelector('thead th').getBoundingClientRect();
  const rowHead = frame.querySelector('tbody th').getBoundingClientRect();
  return {
    head: Math.round(head.top - top), rowHead: Math.round(rowHead.left - left), isScrolled: frame.scrollTop === 400 };
}`;

/** An instruction whose answers are long. */
async function open(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const { page } = await watchedPage(context);
  await page.goto(`${pathToFileURL(report).href}#/instruction`);
  await page.getByRole('link', { name: 'Question 3:' }).click();
  await page.locator('.grid').waitFor();
  return page;
}
