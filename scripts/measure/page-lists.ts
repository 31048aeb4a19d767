/**
 * How long the results page takes to draw its lists, how high they are, and how many rows the browser has of them: in
 * Chromium, from the click to the painted list, the median of five.
 *
 *     npx tsx scripts/measure/wide-run.ts /tmp/wide && npx sorted-eval view /tmp/wide/results.db --no-open --port 8123
 *     npx tsx scripts/measure/page-lists.ts http://127.0.0.1:8123
 */
import { chromium, type Page } from 'playwright-core';

const [address] = process.argv.slice(2);
if (address === undefined) throw new Error('usage: page-lists.ts <address of the results page>');

const LISTS = {
  instructions: '#/instruction',
  pairs: '#/cell?comparison=soft+against+sft&a=14&b=30',
} as const;
const REPETITIONS = 5;

/** Opens an address of the page, and waits until the rows that it leads to are painted. */
const DRAW = `async (hash) => {
  const startMs = performance.now();
  location.hash = hash;
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  while (document.querySelector('main tbody tr td a') === null) await frame();
  await frame();
  const list = [...document.querySelectorAll('main table')].at(-1);
  return { ms: performance.now() - startMs, heightPx: list.offsetHeight, rows: list.rows.length };
}`;

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(`${address}/#/sql`);
for (const [name, hash] of Object.entries(LISTS)) console.log(`${name}: ${await drawn(page, hash)}`);
await browser.close();

async function drawn(on: Page, hash: string): Promise<string> {
  const times: number[] = [];
  let size = '';
  for (let time = 0; time < REPETITIONS; time++) {
    await on.evaluate("location.hash = '#/sql'");
    await on.getByRole('heading', { name: 'SQL' }).waitFor();
    const list = await on.evaluate<{ ms: number; heightPx: number; rows: number }>(
      `(${DRAW})(${JSON.stringify(hash)})`,
    );
    times.push(list.ms);
    size = `${list.heightPx.toLocaleString('en-US')} px high, ${list.rows} rows in the page`;
  }
  const median = times.sort((one, other) => one - other)[Math.floor(REPETITIONS / 2)]!;
  return `${Math.round(median)} ms, ${size}`;
}
