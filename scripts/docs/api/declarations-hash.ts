import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * sha256 of the declarations of the package's entry and of all that it imports: what a program sees of it, comments included.
 * @param dist folder of the compiled package
 */
export function declarationsHash(dist: string): string {
  const hash = createHash('sha256');
  for (const file of reachable(join(dist, 'index.d.ts')).sort())
    hash.update(`${relative(dist, file)}\n${readFileSync(file, 'utf8')}\n`);
  return hash.digest('hex');
}

function reachable(entry: string, found = new Set<string>()): string[] {
  if (found.has(entry)) return [...found];
  found.add(entry);
  for (const [, path] of readFileSync(entry, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g))
    reachable(join(dirname(entry), path!.replace(/\.ts$|\.js$/, '.d.ts')), found);
  return [...found];
}
