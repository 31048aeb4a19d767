import { join } from 'node:path';
import { build } from 'vite';

const CONFIG = join(import.meta.dirname, '..', '..', 'src', 'page', 'vite.config.ts');
let built: Promise<unknown> | undefined;

/** Builds the results page from its sources as they are, once for a test file. */
export function buildPage(): Promise<unknown> {
  built ??= build({ configFile: CONFIG, logLevel: 'error' });
  return built;
}
