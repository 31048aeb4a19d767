import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** Beside `src` and `dist`, so that paths to other folders are the same. */
const OUT = '.test-dist';

/**
 * Compiles the sources once for all processes and threads that tests start: each of them would otherwise compile them again,
 * which takes longer than most of what it is started for.
 */
export default function compileSources(): void {
  const options = ['-p', 'tsconfig.build.json', '--outDir', OUT, '--declaration', 'false', '--noCheck'];
  execFileSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), ...options], {
    cwd: ROOT,
  });
  process.env['SORTED_EVAL_COMPILED'] = join(ROOT, OUT);
}
