/** "Show the query": what each link of the page holds is the SQL that ran, and gives the rows that are drawn. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/domain.ts';
import { FIGURES } from '../../src/figures/run/figure-list.ts';
import type { RunFigure } from '../../src/figures/run/run-figure.ts';
import { categoryScoresRead, categorySharesRead } from '../../src/page/queries/category-query.ts';
import { cellPairsRead, responsesRead } from '../../src/page/queries/cell-query.ts';
import { parseRoute } from '../../src/page/route.ts';
import type { Store } from '../../src/store/database.ts';
import { depthGapsRead, layersUsedRead, speedRatiosRead } from '../../src/store/read/exit-reads.ts';
import { judgeAgreementRead } from '../../src/store/read/judge-reads.ts';
import { querySql } from '../../src/store/read/query-view.ts';
import { literalSql, type PlainRead, storedRows } from '../../src/store/read/read.ts';
import { readRunHead } from '../../src/store/read/run-head.ts';
import { answerStatesRead } from '../../src/store/read/state-reads.ts';
import { saveKl } from '../../src/store/tables/kl-table.ts';
import { exportPage } from '../../src/viewer/export-page.ts';
import { generation } from '../store/sample-run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { saveTimed } from '../support/timed-speed.ts';
import { isWithoutBrowser, launch, watchedPage } from './browser.ts';
import { buildPage } from './built.ts';
import { pageStore } from './page-store.ts';

const CELL = { run: 'nano', comparison: 'soft-vs-sft', modelA: 'soft', modelB: 'sft', exitA: 4, exitB: 4 };
const ADDRESS = 'comparison=soft-vs-sft&a=4&b=4';
/** Quotes and an @ in a search must arrive in the SQL as they are. */
const SEARCH = "'@run";

/** A run that has something to draw in every figure. */
function measuredStore(): Store {
  const store = pageStore();
  const refused = generation('soft', 3, 'i-cap', 'The capital of France is Paris').responseKey;
  store.run("UPDATE generation SET state = 'refused', text = NULL WHERE response_key = @refused", {
    refused,
  });
  const timed = { batchSize: 1, tokens: 50, durationsMs: [100] };
  saveTimed(store, 'nano', [
    { ...timed, model: 'soft', exit: 4 },
    { ...timed, model: 'sft', exit: 4 },
  ]);
  store.run(`UPDATE run SET config_json = '{"speed":{"batchSizes":[1]}}'`, {});
  store.run("UPDATE run_instruction SET category = 'facts'", {});
  const at = { curve: 'soft from sft@4', model: 'soft', exit: 3, referenceModel: 'sft', referenceExit: 4 };
  const { responseKey } = generation('sft', 4, 'i-add', '4');
  const keys = { klKey: 'k', subModelKey: 's', referenceKey: 'r', responseKey, settings: {} };
  saveKl(store, 'nano', {
    passes: [{ ...keys, klNats: [0.5, 0.25] }],
    curves: [{ ...at, instructionId: 'i-add', klKey: 'k' }],
  });
  return store;
}

/** Every place that shows queries, and the reads whose rows it draws. */
function places(store: Store): Readonly<Record<string, readonly PlainRead[]>> {
  const head = readRunHead(store, 'nano')!;
  const overview = (policy: Policy) => {
    const of = (section: RunFigure['section']) =>
      FIGURES.filter((figure) => figure.section === section && (figure.isFor?.(head) ?? true)).flatMap(
        (figure) => Object.values<PlainRead>(figure.reads(head, { policy })),
      );
    const headline = [
      ...[depthGapsRead('nano', 'score'), layersUsedRead('nano'), speedRatiosRead('nano', 1)],
      depthGapsRead('nano', 'exact match'),
    ];
    const categories = [categorySharesRead('nano'), categoryScoresRead('nano')];
    return [
      ...[...headline, ...of('scores'), answerStatesRead('nano'), ...of('measurements')],
      ...[...categories, judgeAgreementRead('nano')],
    ];
  };
  return {
    '#/overview': overview('average'),
    '#/overview?policy=pooled': overview('pooled'),
    [`#/cell?${ADDRESS}`]: [cellPairsRead(CELL, '')],
    [`#/cell?${ADDRESS}&search=${encodeURIComponent(SEARCH)}`]: [cellPairsRead(CELL, SEARCH)],
    '#/instruction?id=i-cap': [responsesRead('nano', 'i-cap')],
  };
}

describe('the SQL that the page shows', () => {
  it('gives the rows that are drawn, at every place', () => {
    const store = measuredStore();
    for (const read of Object.values(places(store)).flat()) {
      const { columns, rows } = querySql(store, literalSql(read));
      const drawn = storedRows(store, read);
      expect(rows).toEqual(drawn.map((row) => columns.map((column) => row[column])));
      expect(rows.length, read.sql).toBeGreaterThan(0);
    }
  });
});

describe.skipIf(isWithoutBrowser)('the links "Show the query"', () => {
  const report = join(tempFolder(), 'report.html');
  let store: Store;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    await buildPage();
    store = measuredStore();
    exportPage(store.path, report);
    browser = await launch();
    ({ page } = await watchedPage(await browser.newContext({ offline: true })));
  });
  afterAll(() => browser?.close());

  it('hold the SQL of what stands above them', async () => {
    const expected = Object.entries(places(store));
    const found = [];
    for (const [place] of expected) found.push([place, await shownQueries(page, place)]);
    expect(found).toEqual(expected.map(([place, reads]) => [place, reads.map(literalSql)]));
  });

  it('stand below a table of what is no answer, by exit', async () => {
    await page.goto(`${pathToFileURL(report).href}#/overview`);
    const table = page.getByRole('region', { name: 'Responses that are no answer' }).getByRole('table');
    await table.getByRole('row', { name: 'soft@3 5 4 1' }).waitFor();
    expect(await table.getByRole('columnheader').allTextContents()).toEqual([
      ...['Exit', 'Responses', 'Answered', 'refused'],
    ]);
    expect(await table.getByRole('row').count()).toBe(5);
  });

  async function shownQueries(on: Page, place: string): Promise<string[]> {
    await on.goto('about:blank');
    await on.goto(`${pathToFileURL(report).href}${place}`);
    await on.locator('h1').waitFor();
    await expect.poll(() => on.getByText('Reading …').count()).toBe(0);
    const links = await on.getByRole('link', { name: /^Show the query/ }).all();
    const hashes = await Promise.all(links.map((link) => link.getAttribute('href')));
    return hashes.map((hash) => parseRoute(hash!).settings['q']!);
  }
});
