/** The results page as one file that can be sent around. */
import { gzipSync } from 'node:zlib';
import { writeOutput } from '../core/write-output.js';
import { compactImage } from '../store/compact.js';
import { openReadOnlyStore } from '../store/database.js';
import { policyOf, readPage } from './page-file.js';
/**
 * Writes application, SQLite and results as one HTML file that asks nothing of any network.
 * @returns its size in bytes
 * @throws InputError for a results file that cannot be read, `not-writable`
 */
export function exportPage(db, output) {
    const page = readPage();
    const store = openReadOnlyStore(db);
    try {
        const html = Buffer.from(withResults(page, compactImage(store)));
        writeOutput(output, html, 'a page', 'Name a file in a folder that is writable.');
        return html.length;
    }
    finally {
        store.close();
    }
}
/** @param image bytes of a results file */
export function withResults(page, image) {
    const data = gzipSync(image, { level: 9 }).toString('base64');
    // First in the head: a policy does not hold for what stands before it.
    const policy = `<meta http-equiv="Content-Security-Policy" content="${policyOf(page, "'none'")}">`;
    return page
        .replace('<!--head-->', () => policy)
        .replace('<!--results-->', () => `<script type="text/plain" id="results">${data}</script>`);
}
