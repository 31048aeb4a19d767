import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'reliability.md');

/** Replaces what `npm run <script>` wrote into docs/reliability.md before. */
export function writeTable(script: string, table: string): void {
  const [begin, end] = [
    `<!-- written by \`npm run ${script}\` -->`,
    `<!-- end of what \`npm run ${script}\` wrote -->`,
  ];
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.slice(0, page.indexOf(begin)), page.slice(page.indexOf(end))];
  writeFileSync(PAGE, `${before}${begin}\n\n${table}\n\n${after}`);
}
