import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type EcmaScriptModule, parseSync } from 'oxc-parser';

/** Source file → what it imports: files by their path, packages by their name. Paths are relative to the folder. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Every import of every file below a folder: re-exports and `import()` with a literal too.
 * @param kinds - without types, what runs is left: no `import type`
 */
export function importGraph(folder: string, kinds: 'values' | 'values and types'): ImportGraph {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(tsx?|mjs)$/.test(path),
  );
  return new Map(files.sort().map((file) => [file, importsOf(folder, file, kinds === 'values and types')]));
}

function importsOf(folder: string, file: string, withTypes: boolean): string[] {
  const code = readFileSync(join(folder, file), 'utf8');
  const { module } = parseSync(file, code);
  const names = [...namesOf(module, withTypes), ...loadedBy(module, code)].map((name) =>
    name.replace(/\?.*$/, ''),
  );
  const pathOf = (name: string) => relative(folder, join(folder, dirname(file), name));
  return [...new Set(names.map((name) => (name.startsWith('.') ? pathOf(name) : name)))];
}

/** What `import … from` and `export … from` name. An import without a list runs the module: it is one of values. */
function namesOf({ staticImports, staticExports }: EcmaScriptModule, withTypes: boolean): string[] {
  const isWanted = (entries: readonly { readonly isType: boolean }[]) =>
    withTypes || entries.length === 0 || entries.some(({ isType }) => !isType);
  const imports = staticImports.filter(({ entries }) => isWanted(entries));
  const reexports = staticExports.flatMap(({ entries }) => entries).filter((entry) => isWanted([entry]));
  return [...imports, ...reexports].flatMap(({ moduleRequest }) => moduleRequest?.value ?? []);
}

/** Of `import('…')`. */
function loadedBy({ dynamicImports }: EcmaScriptModule, code: string): string[] {
  return dynamicImports.flatMap(
    ({ moduleRequest: { start, end } }) => /^['"](.*)['"]$/.exec(code.slice(start, end))?.[1] ?? [],
  );
}

/** Groups of files that import each other, directly or by way of others. */
export function circlesOf(graph: ImportGraph): string[][] {
  const files = [...graph.keys()];
  const reached = new Map(files.map((file) => [file, reachedFrom(graph, file)]));
  const groupOf = (file: string) =>
    files.filter((other) => reached.get(file)!.has(other) && reached.get(other)!.has(file));
  return files.flatMap((file) => {
    const group = groupOf(file);
    return group[0] === file ? [group] : [];
  });
}

/** All that a file imports, directly or by way of others; itself only where a circle leads back. */
export function reachedFrom(graph: ImportGraph, file: string): Set<string> {
  const reached = new Set<string>();
  const open = [file];
  while (open.length > 0) {
    for (const next of graph.get(open.pop()!) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}
