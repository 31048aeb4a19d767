/** Matrices and charts of the results page in Chromium: what they answer to the pointer, how they fit, and their files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/database.ts';
import { saveKl } from '../../../src/store/tables/kl-table.ts';
import { exportPage } from '../../../src/viewer/export-page.ts';
import { emptyStore } from '../../store/sample.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeWideRun } from '../../support/wide-run.ts';
import { accessibilityProblems, isWithoutBrowser, launch, type Watched, watchedPage } from '../browser.ts';
import { buildPage } from '../built.ts';

const WIDTHS = [400, 800, 1280] as const;
const report = join(tempFolder(), 'report.html');
/** The title of the chart of KL. */
const KL_TITLE = "soft's exits from sft's exit 30";
const KL_FILE = 'soft-s-exits-from-sft-s-exit-30';
let browser: Browser;

describe.skipIf(isWithoutBrowser)('the figures of the page', () => {
  beforeAll(async () => {
    await buildPage();
    const store = emptyStore();
    writeWideRun(store, { instructions: 4, exits: 12, comparisons: 3 });
    saveKlOf(store);
    exportPage(store.path, report);
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('tell score, interval and n beside the pointed cell, and mark its row and its column', async () => {
    const { page, problems } = await open(1280);
    const matrix = firstMatrix(page);
    const cell = matrix.getByRole('row').nth(3).getByRole('link').nth(4);
    await cell.hover();
    const tip = page.getByRole('tooltip');
    expect(await tip.textContent()).toMatch(
      /soft exit 12 against sft exit 16: Score -0\.13.*95 % interval -0\.17 to -0\.09.*n 4/,
    );
    expect(await crossOf(matrix)).toEqual({ heads: ['16', '12'], cells: 23 });
    await page.keyboard.press('Escape');
    expect(await tip.count()).toBe(0);
    await page.mouse.move(0, 0);
    expect(await crossOf(matrix)).toEqual({ heads: [], cells: 0 });
    await cell.focus();
    await page.keyboard.press('ArrowDown');
    expect(await tip.textContent()).toContain('soft exit 14 against sft exit 16');
    expect(await crossOf(matrix)).toEqual({ heads: ['16', '14'], cells: 23 });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each(WIDTHS)('fill their rows and keep numbers within their cells at %i px', async (width) => {
    const { page } = await open(width);
    const boxes = await boxesOf(page.locator('#scores ~ .panels'));
    const right = Math.max(...boxes.map((box) => box.x + box.width));
    for (const row of grouped(boxes)) expect(row.at(-1)!.x + row.at(-1)!.width).toBeCloseTo(right, 0);
    const numbers = await page.evaluate<{ px: number; isCut: boolean }[]>(`
      [...document.querySelectorAll('#scores ~ .panels .matrix td a')].map((cell) => ({
        px: parseFloat(getComputedStyle(cell).fontSize), isCut: cell.scrollWidth > cell.clientWidth }))`);
    expect(numbers).toHaveLength(3 * 144);
    expect(numbers.filter(({ px, isCut }) => px < 12 || isCut)).toEqual([]);
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  it('keep the row’s exit in sight where a matrix scrolls', async () => {
    const { page } = await open(400);
    const matrix = firstMatrix(page);
    await matrix.locator('.scroll').evaluate((scroll: { scrollLeft: number }) => {
      scroll.scrollLeft = 200;
    });
    const [head, frame] = await boxesOf(matrix.getByRole('rowheader', { name: '8', exact: true }), matrix);
    expect(head!.x).toBeCloseTo(frame!.x, 0);
    await page.context().close();
  });

  it('have room for the legend below a chart at 400 px, where no key is spoken of', async () => {
    const heights = [];
    for (const width of [400, 1280]) {
      const { page } = await open(width);
      const chart = page.getByRole('img', { name: KL_TITLE });
      await chart.waitFor();
      heights.push((await chart.boundingBox())!.height);
      expect(await page.getByText('by the arrow keys').first().isVisible()).toBe(width > 600);
      await page.context().close();
    }
    expect(heights[0]).toBeGreaterThan(heights[1]! + 24);
  });

  it('are saved as PNG, SVG and CSV: a matrix with its interval and n, a chart with what is shown', async () => {
    const { page, requests, problems } = await open(1280);
    for (const [name, title, row, text] of [
      ['soft against sft', 'soft-against-sft', /^8,8,0,0,-0\.04,0\.04,0\.3,1,average,2,2,0,0,4\r$/m, '28'],
      [KL_TITLE, KL_FILE, /^10 layers,1,0\.25,/m, '28 layers'],
    ] as const) {
      const png = await saved(page, name, 'PNG');
      expect(png.name).toBe(`${title}.png`);
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(1200);
      const svg = await saved(page, name, 'SVG');
      expect(svg.bytes.toString()).toContain('<svg');
      expect(textsOf(svg.bytes.toString())).toEqual(expect.arrayContaining([text]));
      const csv = await saved(page, name, 'CSV');
      expect(csv.bytes.toString()).toMatch(row);
    }
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('are accessible in %s with a tip and an open menu', async (scheme) => {
    const { page } = await open(800, scheme);
    await firstMatrix(page).getByRole('link').first().focus();
    await page.locator('.save summary').first().click();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.context().close();
  });
});

/** Curves of 12 exits over two positions of one response. */
function saveKlOf(store: Store): void {
  const [first] = store.all<{ key: string; id: string }>(
    "SELECT response_key AS key, instruction_id AS id FROM answer WHERE model = 'sft' AND exit = 30 LIMIT 1",
  );
  const exits = Array.from({ length: 12 }, (_, index) => 8 + 2 * index);
  const keys = { subModelKey: 's', referenceKey: 'r', responseKey: first!.key, settings: {} };
  const at = { curve: 'soft from sft@30', model: 'soft', referenceModel: 'sft', referenceExit: 30 };
  saveKl(store, 'wide', {
    passes: exits.map((exit) => ({ ...keys, klKey: `kl ${exit}`, klNats: [5 / exit, 2.5 / exit] })),
    curves: exits.map((exit) => ({ ...at, exit, instructionId: first!.id, klKey: `kl ${exit}` })),
  });
}

async function open(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Watched> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const watched = await watchedPage(context);
  await watched.page.goto(`${pathToFileURL(report).href}#/overview`);
  await watched.page.locator('.matrix').nth(2).waitFor();
  await expect.poll(() => watched.page.getByText('Reading …').count()).toBe(0);
  return watched;
}

const firstMatrix = (page: Page) => page.locator('.matrix').first();

async function crossOf(matrix: Locator) {
  return {
    heads: await matrix.locator('th.cross').allTextContents(),
    cells: await matrix.locator('td.cross').count(),
  };
}

type Box = { x: number; y: number; width: number; height: number };

async function boxesOf(...parents: Locator[]): Promise<Box[]> {
  if (parents.length > 1) return Promise.all(parents.map(async (one) => (await one.boundingBox())!));
  const children = await parents[0]!.locator(':scope > *').all();
  return Promise.all(children.map(async (child) => (await child.boundingBox())!));
}

function grouped(boxes: readonly Box[]): Box[][] {
  return [...new Set(boxes.map(({ y }) => y))].map((y) => boxes.filter((box) => box.y === y));
}

async function saved(page: Page, title: string, kind: string): Promise<{ name: string; bytes: Buffer }> {
  const menu = page.locator('.save', { has: page.locator(`summary[aria-label="Save ${title}"]`) });
  await menu.locator('summary').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    menu.getByRole('button', { name: kind }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*font-size="\d+px"[^>]*>([^<]*)/g)].map(([, text]) => text!);
}
