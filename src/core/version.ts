/**
 * Versions that package.json states. An old Node loads this file to report that it is too old: nothing newer
 * than ES modules here.
 */
import { readFileSync } from 'node:fs';

/** The file lies one folder up from both `src/` and `dist/`. */
const { version, engines } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as {
  version: string;
  engines: { node: string };
};

/** Version of this package. */
export const VERSION = version;
/** The oldest Node that it runs on, such as 20.19. */
export const MIN_NODE = engines.node.replace('>=', '');

/** @param found such as 20.20.1 */
export function isNodeSupported(found: string): boolean {
  const [major, minor] = found.split('.').map(Number) as [number, number];
  const [minMajor, minMinor] = MIN_NODE.split('.').map(Number) as [number, number];
  return major > minMajor || (major === minMajor && minor >= minMinor);
}
