/** Light and dark, and the letters, as Chromium draws them. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPage } from '../../src/viewer/export-page.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { isWithoutBrowser, launch, watchedPage } from './browser.ts';
import { buildPage } from './built.ts';
import { pageStore } from './page-store.ts';

const report = join(tempFolder(), 'report.html');
let browser: Browser;

const FONTS = `[...document.fonts].map(({ family, status }) => family.replaceAll('"', '') + ' ' + status)`;
/** A style of the first cell that a selector finds. */
const styleOf = (selector: string, property: string) =>
  `getComputedStyle(document.querySelector('${selector}'))['${property}']`;

/** Mean lightness of what a chart's canvas shows above the page's background, in [0, 255], and that of the background. */
const CHART_LIGHTNESS = `(() => {
  const canvas = document.querySelector('.chart canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0, ink = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 128) { sum += (data[i] + data[i + 1] + data[i + 2]) / 3; ink++; }
  return sum / ink;
})()`;
const lightness = (selector: string, property: string) => `(() => {
  const [red, green, blue] = ${styleOf(selector, property)}.match(/[\\d.]+/g).map(Number);
  return (red + green + blue) / 3;
})()`;

/** Keeps the font of every text that a chart draws from now on. */
const WATCH_LETTERS = `(() => {
  window.letters = new Set();
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (...given) {
    window.letters.add(this.font);
    return fillText.apply(this, given);
  };
})()`;

describe.skipIf(isWithoutBrowser)("the page's themes", () => {
  beforeAll(async () => {
    await buildPage();
    exportPage(pageStore().path, report);
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({ colorScheme, offline: true });
    const { page } = await watchedPage(context);
    await page.goto(pathToFileURL(report).href);
    await page.locator('.chart canvas').first().waitFor();
    await expect
      .poll(() => page.evaluate<number | null>(CHART_LIGHTNESS), { timeout: 15_000 })
      .toBeTypeOf('number');
    return page;
  }

  it('draw charts in the letters of the figures, which the page carries along', async () => {
    const page = await open('light');
    const fonts = await page.evaluate<string[]>(FONTS);
    expect(fonts).toContain('Sorted Eval Inter loaded');
    await page.evaluate(WATCH_LETTERS);
    for (const canvas of await page.locator('.chart canvas').all()) await moveAcross(canvas);
    const letters = await page.evaluate<string[]>('[...window.letters]');
    expect(letters.length).toBeGreaterThan(0);
    expect(letters.filter((font) => !font.includes('Sorted Eval Inter'))).toEqual([]);
  });

  it('let charts and the cells near 0 follow the dark one, and the switch', async () => {
    const page = await open('dark');
    expect(await page.evaluate<number>(lightness('body', 'backgroundColor'))).toBeLessThan(40);
    expect(await page.evaluate<number>(lightness('.paper', 'color'))).toBeGreaterThan(200);
    expect(await page.evaluate<number>(CHART_LIGHTNESS)).toBeGreaterThan(90);
    const [near, far] = await cellLightness(page);
    expect(near).toBeLessThan(80);
    expect(near).toBeLessThan(far!);
    await page.getByRole('button', { name: 'Light' }).click();
    const [nearLight, farLight] = await cellLightness(page);
    expect(nearLight).toBeGreaterThan(farLight!);
    await expect.poll(() => page.evaluate<number>(lightness('body', 'backgroundColor'))).toBeGreaterThan(240);
  });

  it('tint a cell that chance explains, and draw a dashed line around it', async () => {
    const page = await open('light');
    expect(await page.evaluate(styleOf('td.faint a', 'outlineStyle'))).toBe('dashed');
    expect(await page.evaluate(styleOf('td.faint a', 'backgroundColor'))).not.toBe('rgba(0, 0, 0, 0)');
    await page.locator('.color-bar').first().waitFor();
  });
});

/** Over the middle of a chart from left to right, so that it shows its tooltips. */
async function moveAcross(canvas: Locator): Promise<void> {
  const steps = 8;
  const { width, height } = (await canvas.boundingBox())!;
  for (const part of [0.25, 0.5])
    for (let step = 1; step < steps; step++)
      await canvas.hover({ position: { x: (width * step) / steps, y: height * part } });
}

/** Of the cells 0.10 and 0.60. */
function cellLightness(page: Page): Promise<number[]> {
  const cells = ['0.10.', '0.60.'].map((name) => `.matrix a[aria-label^="${name}"]`);
  return Promise.all(cells.map((cell) => page.evaluate<number>(lightness(cell, 'backgroundColor'))));
}
