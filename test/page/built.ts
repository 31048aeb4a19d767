import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'dist', 'page', 'index.html');

/** Builds the results page, unless it is newer than all that it is made of. */
export async function buildPage(): Promise<void> {
  if (existsSync(PAGE) && statSync(PAGE).mtimeMs > newestSourceMs()) return;
  await build({ configFile: join(ROOT, 'src', 'page', 'vite.config.ts'), logLevel: 'error' });
}

function newestSourceMs(): number {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = [...sources.map((path) => join(ROOT, 'src', path)), join(ROOT, 'package-lock.json')];
  return Math.max(...paths.map((path) => statSync(path).mtimeMs));
}
