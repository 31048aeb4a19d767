import { readFileSync } from 'node:fs';

/** Version of this package; the file lies one folder up from both `src/` and `dist/`. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
