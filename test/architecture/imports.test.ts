import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesOf, type ImportGraph, importGraph, reachedFrom } from './import-graph.ts';

/**
 * Folders of src from the lowest to the highest layer. A file imports from folders of its own line and of lines above
 * it, never from lines below: docs/architecture.md says what each folder is for.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['core', 'core/decoding', 'core/runtime', 'core/text'],
  ['data/schema'],
  ['data/answers'],
  ['data', 'data/instruction-files'],
  ['data/prompts'],
  ['data/recorded'],
  ['model/networks'],
  [
    'model/checkpoint',
    'model/checkpoint/config',
    'model/checkpoint/heads',
    'model/checkpoint/torch',
    'model/checkpoint/weights',
  ],
  [
    'model/tokenizer',
    'model/tokenizer/form',
    'model/tokenizer/guard',
    'model/tokenizer/sentencepiece',
    'model/quantise',
  ],
  ['model/adapter'],
  ['model/chat'],
  ['model/graphs'],
  ['model/folder', 'model/folder/sizes', 'model/folder/weights'],
  ['model/extract'],
  ['engine/session'],
  ['engine/cache'],
  ['engine/forced'],
  ['engine/greedy'],
  ['engine/carry'],
  ['engine/dynamic'],
  ['engine/calibrate'],
  ['engine/beam'],
  ['engine'],
  ['judge/protocols'],
  ['judge'],
  ['worker/jobs'],
  ['worker'],
  ['sources/http'],
  ['sources', 'sources/decoding', 'sources/dynamic', 'sources/served'],
  ['config'],
  ['metrics'],
  ['store/schema'],
  ['store/views'],
  ['store', 'store/tables', 'store/fill', 'store/damage'],
  ['store/merge', 'store/query', 'store/read'],
  ['figures/chart'],
  ['figures/axis'],
  ['figures/paper'],
  ['figures/heatmap'],
  ['figures/files', 'figures/frontier', 'figures/run'],
  ['terminal'],
  ['terminal/headline'],
  ['terminal/reports'],
  ['evaluate/plan'],
  ['evaluate/checks'],
  ['evaluate', 'evaluate/forced', 'evaluate/stages'],
  ['evaluate/labelled', 'evaluate/outlook', 'evaluate/published'],
  ['doctor'],
  ['viewer'],
  ['server/lane'],
  ['server'],
  ['server/text'],
  ['server/request'],
  ['server/answer'],
  ['server/api'],
  ['cli', 'cli/commands', 'cli/commands/results'],
  // The library's surface and the program.
  ['.'],
];

/** The page runs in a browser: these layers hold what it may share with the rest. */
const PAGE_IMPORTS = /^(core|data|judge|metrics|store|figures|terminal|page)(\/|$)/;

/** What runs in the browser may use these packages, and nothing of Node. */
const PAGE_PACKAGES =
  /^(preact|chart\.js|chartjs-chart-matrix|diff|marked|svgcanvas|@tanstack\/virtual-core|@sqlite\.org\/sqlite-wasm|virtual:published-cells)(\/|$)/;

const MAX_FILES = 15;

const graph = importGraph('src', 'values and types');
const isPage = (file: string) => file.startsWith('page/');
const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.includes(dirname(file)));
const arrowsOf = (graph: ImportGraph) =>
  [...graph].flatMap(([from, imports]) => imports.filter((to) => graph.has(to)).map((to) => ({ from, to })));
const shown = ({ from, to }: { from: string; to: string }) => `${from} imports ${to}`;

/** Key → files of that key. */
function grouped(key: (file: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of graph.keys()) groups.set(key(file), [...(groups.get(key(file)) ?? []), file]);
  return groups;
}

describe('the folders of src', () => {
  it('have each a place in the list of layers', () => {
    const folders = [...grouped(dirname).keys()].filter((folder) => !isPage(`${folder}/`));
    expect(folders.filter((folder) => !LAYERS.flat().includes(folder))).toEqual([]);
  });

  it(`hold at most ${MAX_FILES} files each`, () => {
    const full = [...grouped(dirname)]
      .filter(([, files]) => files.length > MAX_FILES)
      .map(([folder]) => folder);
    expect(full).toEqual([]);
  });

  it('have files whose names occur once', () => {
    const names = grouped((file) => basename(file).replace(/\..*$/, ''));
    const twice = [...names].filter(([, files]) => files.length > 1).map(([name]) => name);
    expect(twice).toEqual([]);
  });
});

describe('imports', () => {
  it('point to the same layer or a lower one, and never to the page', () => {
    const isWrong = ({ from, to }: { from: string; to: string }) => isPage(to) || layerOf(to) > layerOf(from);
    const wrong = arrowsOf(graph).filter((arrow) => !isPage(arrow.from) && isWrong(arrow));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('of the page point to what it may share', () => {
    const arrows = arrowsOf(graph).filter(({ from, to }) => isPage(from) && !PAGE_IMPORTS.test(dirname(to)));
    expect(arrows.map(shown)).toEqual([]);
  });

  it('lead from the page to nothing that needs Node', () => {
    const running = importGraph('src', 'values');
    const reached = ['page/main.tsx', 'page/sqlite-worker.ts'].flatMap((start) => [
      ...reachedFrom(running, start),
    ]);
    expect(reached).toEqual(expect.arrayContaining(['preact', '@sqlite.org/sqlite-wasm', 'page/app.tsx']));
    const packages = reached.filter((name) => !running.has(name) && !name.endsWith('.css'));
    expect(packages.filter((name) => !PAGE_PACKAGES.test(name))).toEqual([]);
  });

  it('make no circle, not even of types', () => {
    expect(circlesOf(graph)).toEqual([]);
  });
});
