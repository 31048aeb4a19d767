/** Writes every generated page of docs/: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCS, PAGES } from './pages.ts';

for (const { name, text } of PAGES) {
  writeFileSync(join(DOCS, name), await text());
  console.log(`docs/${name}`);
}
