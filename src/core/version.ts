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
export const MINIMAL_NODE = engines.node.replace(/^>=/, '');
