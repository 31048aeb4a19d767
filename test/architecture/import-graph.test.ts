import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { circlesOf, importGraph, reachedFrom } from './import-graph.ts';

const folder = tempFolder();
const write = (path: string, code: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), code);
};

write('a/a.ts', "import { b } from '../b.ts';\nimport type { C } from './c.ts';\nimport './d.ts?worker';");
write('a/c.ts', "export type { B } from '../b.ts';\nexport * from './d.ts';");
write('a/d.ts', "import { readFileSync } from 'node:fs';\nconst later = () => import('./a.ts');");
write(
  'b.ts',
  "import { type D } from './a/d.ts';\n// import { e } from './e.ts';\nconst text = `import './e.ts'`;",
);

describe('the graph of imports', () => {
  it('has values, types, re-exports and what is loaded later, and nothing of comments and texts', () => {
    expect(Object.fromEntries(importGraph(folder, 'values and types'))).toEqual({
      'a/a.ts': ['b.ts', 'a/c.ts', 'a/d.ts'],
      'a/c.ts': ['b.ts', 'a/d.ts'],
      'a/d.ts': ['node:fs', 'a/a.ts'],
      'b.ts': ['a/d.ts'],
    });
  });

  it('is without types what runs', () => {
    expect(Object.fromEntries(importGraph(folder, 'values'))).toEqual({
      'a/a.ts': ['b.ts', 'a/d.ts'],
      'a/c.ts': ['a/d.ts'],
      'a/d.ts': ['node:fs', 'a/a.ts'],
      'b.ts': [],
    });
  });

  it('shows who is reached, and the circles without the files that only lead to one', () => {
    const graph = new Map(Object.entries({ a: ['b'], b: ['c', 'd'], c: ['b'], d: [], e: ['e'] }));
    expect([...reachedFrom(graph, 'a')].sort()).toEqual(['b', 'c', 'd']);
    expect(reachedFrom(graph, 'd').size).toBe(0);
    expect(circlesOf(graph)).toEqual([['b', 'c'], ['e']]);
  });
});
