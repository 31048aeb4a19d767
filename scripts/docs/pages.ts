/** The generated pages of docs/: `npm run docs` writes them, test/docs fails when one is stale. */
import { fileURLToPath } from 'node:url';
import { galleryText, RESULTS } from '../gallery.ts';
import { commandLinePage } from './command-line.ts';
import { numbersPage } from './numbers.ts';
import { resultsFilePage } from './results-file.ts';
import { sweepFilePage } from './sweep-file.ts';

export const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

export interface GeneratedPage {
  /** File name within `docs/`. */
  readonly name: string;
  text(): string | Promise<string>;
}

export const PAGES: readonly GeneratedPage[] = [
  { name: 'cli.md', text: commandLinePage },
  { name: 'sweep-file.md', text: sweepFilePage },
  { name: 'results-file.md', text: resultsFilePage },
  { name: 'numbers.md', text: numbersPage },
  { name: 'gallery.md', text: () => galleryText(RESULTS) },
];
