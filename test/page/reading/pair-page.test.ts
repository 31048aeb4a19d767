/** Reading pairs on the results page, in Chromium: how answers are shown, filters, steps, and the reader's notes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { promptText } from '../../../src/data/prompt-parts.ts';
import { protocolNamed } from '../../../src/judge/protocols/protocols.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { exportPage } from '../../../src/viewer/export-page.ts';
import { emptyStore } from '../../store/sample.ts';
import { JUDGE, responsesOf, saveVerdicts, setup, verdict } from '../../store/sample-run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { accessibilityProblems, isWithoutBrowser, launch, type Watched, watchedPage } from '../browser.ts';
import { buildPage } from '../built.ts';

const HOSTILE =
  '<img src="http://127.0.0.1:9/x" onerror="window.broken = 1"><script>window.broken = 1</script>';
const MARKDOWN = `# Paris

\`\`\`html
${HOSTILE}
\`\`\`
${HOSTILE}

- **bold** ![p](http://127.0.0.1:9/y) [l](javascript:window.broken=1) \u202e`;
const A = { 'i-add': '3', 'i-cap': MARKDOWN, 'i-free': 'Once upon a time there was a king' };
const B = { 'i-add': '4', 'i-cap': 'No idea at all', 'i-free': 'Once upon a time there was a queen' };
const CELL = '#/cell?comparison=soft-vs-sft&a=4&b=4';
const PAIR = '#/pair?comparison=soft-vs-sft&a=4&b=4&instruction=';
const report = join(tempFolder(), 'report.html');
let browser: Browser;
let watched: Watched;
let page: Page;

describe.skipIf(isWithoutBrowser)('the page of a pair', () => {
  beforeAll(async () => {
    await buildPage();
    const store = emptyStore();
    openRun(store, setup());
    saveResponses(store, 'nano', responsesOf('soft', 4, A));
    saveResponses(store, 'nano', responsesOf('sft', 4, B));
    saveJudge(store, 'nano', JUDGE);
    saveVerdicts(store, 'nano', [
      ...[verdict('i-add', 'ab', '1'), verdict('i-add', 'ba', '1')],
      ...[verdict('i-cap', 'ab', '2'), verdict('i-cap', 'ba', '1')],
      ...[verdict('i-free', 'ab', 'malformed'), onRealPrompt(verdict('i-free', 'ba', '2'))],
    ]);
    exportPage(store.path, report);
    browser = await launch();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    watched = await watchedPage(
      await browser.newContext({ offline: true, viewport: { width: 800, height: 900 } }),
    );
    page = watched.page;
    page.setDefaultTimeout(15_000);
  });
  afterEach(async () => {
    expect(await page.evaluate('window.broken')).toBeUndefined();
    expect([...watched.requests, ...watched.problems]).toEqual([]);
    await page.context().close();
  });

  it('marks differences of similar answers, and of others when it is told to', async () => {
    await open(`${PAIR}i-free`);
    expect(await page.locator('mark').allTextContents()).toEqual(['king', 'queen']);
    await page.getByRole('radio', { name: 'raw text' }).check();
    expect(await page.locator('mark').count()).toBe(0);
    await open(`${PAIR}i-add`);
    expect(await page.getByRole('radio', { name: 'raw text' }).isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'differences' }).check();
    expect(await page.locator('mark').allTextContents()).toEqual(['3', '4']);
    expect(page.url()).toContain('show=differences');
  });

  it('draws Markdown and code of an answer, and nothing of its markup, addresses and pictures', async () => {
    await open(`${PAIR}i-cap`);
    expect(await page.getByRole('radio', { name: 'Markdown' }).isChecked()).toBe(true);
    const answer = page.getByRole('article', { name: 'Answer of soft exit 4' }).locator('.answer');
    expect(await answer.getByRole('heading', { name: 'Paris' }).count()).toBe(1);
    expect(await answer.locator('pre code').textContent()).toBe(HOSTILE);
    expect(await answer.locator('strong').textContent()).toBe('bold');
    expect(await answer.locator('img, script, a, iframe').count()).toBe(0);
    expect(await answer.textContent()).toContain(
      '![p](http://127.0.0.1:9/y) [l](javascript:window.broken=1) ⟨U+202E⟩',
    );
    await page.getByRole('radio', { name: 'raw text' }).check();
    expect(await answer.textContent()).toBe(MARKDOWN.replace('\u202e', '⟨U+202E⟩'));
  });

  it('has the verdicts of both orders as badges, and the judge’s whole prompt', async () => {
    await open(`${PAIR}i-add`);
    expect(
      await page.getByRole('list', { name: 'Verdicts' }).getByRole('listitem').allTextContents(),
    ).toEqual([
      'soft exit 4 first: Prefers soft exit 4',
      'sft exit 4 first: Prefers sft exit 4',
      'Changes with the order',
    ]);
    const verdictOf = page.getByRole('article', { name: 'Verdict with sft exit 4 first' });
    await verdictOf.getByText("The judge's whole prompt").click();
    await verdictOf.getByText('The judge was given another text').waitFor();
    expect(await verdictOf.textContent()).toMatch(
      /Below are two responses.*### Response 1:\s*4\s*### Response 2:\s*3/s,
    );
    await open(`${PAIR}i-free`);
    await page.getByText("The judge's whole prompt").last().click();
    await page.getByText('The judge was given this text').waitFor();
  });

  it('leads to the next disagreement and the next flip, and says where there is none', async () => {
    await open(`${PAIR}i-add`);
    expect(await page.getByRole('link', { name: 'Next flip' }).count()).toBe(0);
    await page.getByText('Next flip').waitFor();
    await open(`${PAIR}i-cap&sort=longest`);
    await page.getByText('1 of 3').waitFor();
    await page.getByRole('link', { name: 'Next flip' }).click();
    await page.getByRole('heading', { name: 'Add.' }).waitFor();
    await open(`${PAIR}i-cap&sort=longest`);
    await page.getByText('1 of 3').waitFor();
    await page.keyboard.press('d');
    await page.getByRole('heading', { name: 'Add.' }).waitFor();
  });

  it('is reached by category, outcome, flip, degenerate answer and disagreement', async () => {
    await open(CELL);
    const only = async (name: string, choice: string) => {
      await page.getByRole('combobox', { name }).selectOption({ label: choice });
      const ids = await page.locator('.rows tbody a').allTextContents();
      await page.getByRole('combobox', { name }).selectOption('');
      return ids;
    };
    expect(await only('Category', 'capital')).toEqual(['Capital?']);
    expect(await only('Outcome', 'changes with the order (1)')).toEqual(['Add.']);
    expect(await only('Only', 'the judge against the right answer')).toEqual(['Add.']);
    expect(await only('Only', 'soft exit 4 degenerate')).toEqual(['Capital?']);
    expect(await only('Only', 'sft exit 4 degenerate')).toEqual([]);
    expect(await only('Only', 'starred or with a note')).toEqual([]);
  });

  it('keeps a star and a note in the browser, and hands them on as JSON and CSV', async () => {
    const note = `=1+1 "><img src=x onerror="window.broken = 1"> ü😀`;
    await open(`${PAIR}i-cap`);
    await page.getByRole('button', { name: 'Star' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill(note);
    await open(CELL);
    await page.getByRole('img', { name: 'starred or with a note' }).waitFor();
    await page.getByRole('combobox', { name: 'Only' }).selectOption('marked');
    await page.getByText('1 of 3 pairs').waitFor();
    expect(JSON.parse(await saved('JSON'))).toMatchObject([
      {
        run: 'nano',
        comparison: 'soft-vs-sft',
        exitA: 4,
        exitB: 4,
        instructionId: 'i-cap',
        isStarred: true,
        note,
      },
    ]);
    expect(await saved('CSV')).toContain(
      `nano,soft-vs-sft,4,4,i-cap,true,"'${note.replaceAll('"', '""')}",2`,
    );
    await page.getByRole('link', { name: 'Capital?' }).click();
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe(note);
    await page.getByRole('button', { name: 'Starred' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill('');
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });

  it.each(
    (['light', 'dark'] as const).flatMap((scheme) =>
      [400, 800, 1280].map((width) => [scheme, width] as const),
    ),
  )(
    'is accessible and within its width in %s at %i px, in each way of showing',
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const show of ['differences', 'formatted', 'raw']) {
        await open(`${PAIR}i-cap&show=${show}`);
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    },
  );
});

/** A verdict whose stored hash is that of the prompt that PandaLM's protocol makes. */
function onRealPrompt({ judgement, pair }: ReturnType<typeof verdict>) {
  const instruction = { instruction: 'Write.', input: '' };
  const prompt = protocolNamed('pandalm').prompt({ instruction, responses: [B['i-free'], A['i-free']] });
  return { judgement: { ...judgement, promptSha256: sha256(promptText(prompt)) }, pair };
}

async function open(hash: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${pathToFileURL(report).href}${hash}`);
  await page.locator('h1').waitFor();
  await expect.poll(() => page.getByText('Reading …').count()).toBe(0);
}

async function saved(kind: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: kind }).last().click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
}
