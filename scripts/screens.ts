/**
 * Screenshots of every view of the results page at three widths in both themes, and how long it takes to be painted:
 * `npx tsx scripts/screens.ts docs/results/nano/report.html docs/results/nano/screens [another results.db]`
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const CELL = 'comparison=soft+against+sft&a=5&b=9';
const VIEWS: readonly (readonly [name: string, hash: string])[] = [
  ['overview', '#/overview'],
  ['categories', '#/overview'],
  ['cell', `#/cell?${CELL}`],
  ['pair', `#/pair?${CELL}`],
  ['instructions', '#/instruction'],
  ['instruction', '#/instruction'],
  ['sql', '#/sql'],
  ['published', '#/published'],
  ['second-run', '#/compare?with=second'],
];
const SIZES = [
  { width: 1280, height: 900 },
  { width: 800, height: 900 },
  { width: 400, height: 800 },
];

const NOTE_PAINT = `new MutationObserver((_changes, observer) => {
  if (!document.querySelector('.matrix')) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.matrixPaintedMs = performance.now(); }));
}).observe(document, { childList: true, subtree: true })`;

const [report = '', folder = '', second] = process.argv.slice(2);
const address = pathToFileURL(resolve(report)).href;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
mkdirSync(folder, { recursive: true });
for (const colorScheme of ['light', 'dark'] as const)
  for (const size of SIZES) await takeAll(browser, size, colorScheme);
for (let run = 0; run < 5; run++) {
  const { first, matrix } = await paintMs(browser);
  console.log(`first paint after ${first} ms, first matrix after ${matrix} ms`);
}
await browser.close();

async function takeAll(
  from: Browser,
  viewport: (typeof SIZES)[number],
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const context = await from.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  const theme = colorScheme === 'dark' ? '-dark' : '';
  for (const [name, hash] of VIEWS.filter(([name]) => name !== 'second-run' || second !== undefined)) {
    await page.goto('about:blank');
    await page.goto(address + hash);
    await settle(page);
    await openFirst(page, name);
    await page.screenshot({ path: join(folder, `${name}${theme}-${viewport.width}.png`) });
  }
  await context.close();
}

async function settle(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  while ((await page.getByText('Reading …').count()) > 0) await page.waitForTimeout(20);
}

/** Addresses of single pairs and instructions hold ids, which the lists link to. */
async function openFirst(page: Page, name: string): Promise<void> {
  if (name === 'pair') {
    await page.goto(`${address}#/cell?${CELL}`);
    await page.locator('.rows tbody a').nth(3).click();
  }
  if (name === 'instruction') await page.locator('tbody a').nth(2).click();
  if (name === 'categories')
    await page.getByRole('heading', { name: 'By category' }).scrollIntoViewIfNeeded();
  if (name === 'sql') await page.getByRole('button', { name: 'Run' }).click();
  if (name === 'second-run' && second !== undefined)
    await page.locator('input[type=file]').setInputFiles(second);
  await page.waitForTimeout(300);
  await settle(page);
}

/** From the start of the navigation until the browser has painted anything, and until it has painted the matrices. */
async function paintMs(from: Browser): Promise<{ first: number; matrix: number }> {
  const context = await from.newContext();
  const page = await context.newPage();
  await page.addInitScript(NOTE_PAINT);
  await page.goto(address);
  await settle(page);
  const entry = "performance.getEntriesByName('first-contentful-paint')[0].startTime";
  const first = await page.evaluate<number>(entry);
  const matrix = await page.evaluate<number>('window.matrixPaintedMs');
  await context.close();
  return { first: Math.round(first), matrix: Math.round(matrix) };
}
