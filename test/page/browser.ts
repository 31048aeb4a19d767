import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium of this machine; `CHROMIUM` names another. */
const BROWSER_PATH = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path));

/** Whether the tests in a browser can be left out: never in CI, which installs one. */
export const isWithoutBrowser = BROWSER_PATH === undefined && !process.env['SORTED_EVAL_REQUIRE_BROWSER'];
if (isWithoutBrowser)
  console.warn('The results page is not tested in a browser: none is installed (apt-get install chromium).');

export function launch(): Promise<Browser> {
  if (BROWSER_PATH === undefined)
    throw new Error('SORTED_EVAL_REQUIRE_BROWSER is set, and there is no browser: apt-get install chromium');
  // Chromium's own sandbox needs rights that a container has not; every page here is made by the test.
  return chromium.launch({ executablePath: BROWSER_PATH, args: ['--no-sandbox'] });
}

export interface Watched {
  readonly page: Page;
  /** Addresses beyond the page's own file, and everything that went wrong in it. */
  readonly requests: string[];
  readonly problems: string[];
}

/** A new page that is watched from its first moment. */
export async function watchedPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) requests.push(request.url());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  return { page, requests, problems };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds against WCAG 2.2 AA, a line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, RULES);
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
