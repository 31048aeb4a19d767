/** Writes the results page as one file that can be sent around. */
import { gzipSync } from 'node:zlib';
import { writeOutput } from '../core/write-output.ts';
import { compactImage } from '../store/compact.ts';
import { openResults } from '../store/read/open-results.ts';
import { policyOf, readPage } from './page-file.ts';

/**
 * Writes application, SQLite and results as one HTML file that uses no network.
 * @returns its size in bytes
 * @throws InputError for a results file that cannot be read, `not-writable`
 */
export function exportPage(db: string, output: string): number {
  const page = readPage();
  const store = openResults(db);
  try {
    const html = Buffer.from(withResults(page, compactImage(store)));
    writeOutput(output, html, 'a page', 'Name a file in a folder that is writable.');
    return html.length;
  } finally {
    store.close();
  }
}

/** @param image bytes of a results file */
function withResults(page: string, image: Uint8Array): string {
  const data = gzipSync(image, { level: 9 }).toString('base64');
  // First in the head: a policy does not apply to what precedes it.
  const policy = `<meta http-equiv="Content-Security-Policy" content="${policyOf(page, "'none'")}">`;
  return page
    .replace('<!--head-->', () => policy)
    .replace('<!--results-->', () => `<script type="text/plain" id="results">${data}</script>`);
}
