/** Writes the results page as one file that can be sent around. */
import { gzipSync } from 'node:zlib';
import { writeOutput } from '../core/write-output.ts';
import { compactImage } from '../store/compact.ts';
import { findRun } from '../store/read/find-run.ts';
import { openResults } from '../store/read/open-results.ts';
import { headTag, policyOf, readPage } from './page-file.ts';

/**
 * Writes application, SQLite and results as one HTML file that uses no network.
 * @param named the run to show first, as `--run` names it; without it the newest
 * @returns its size in bytes
 * @throws InputError for a results file that cannot be read, `bad-query` for a run it has not, `not-writable`
 */
export function exportPage(db: string, output: string, named?: string): number {
  const page = readPage();
  const store = openResults(db);
  try {
    const html = Buffer.from(
      withResults(
        page,
        compactImage(store),
        named === undefined ? '' : headTag('run', findRun(store, named)),
      ),
    );
    writeOutput(output, html, 'a page', 'Name a file in a folder that is writable.');
    return html.length;
  } finally {
    store.close();
  }
}

/** @param image bytes of a results file */
function withResults(page: string, image: Uint8Array, tags: string): string {
  const data = gzipSync(image, { level: 9 }).toString('base64');
  // First in the head: a policy does not apply to what precedes it.
  const policy = `<meta http-equiv="Content-Security-Policy" content="${policyOf(page, "'none'")}">`;
  return page
    .replace('<!--head-->', () => policy + tags)
    .replace('<!--results-->', () => `<script type="text/plain" id="results">${data}</script>`);
}
