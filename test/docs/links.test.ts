import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf } from '../../scripts/docs/markdown.ts';
import { REPOSITORY, type TextFile, textFiles } from './text-files.ts';

const ROOT_PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'reports/README.md'];
const FOLDERS = ['docs', 'scripts/bench', 'scripts/train', 'scripts/serve', 'eval-data'];

describe('the documentation', () => {
  const pages: TextFile[] = [
    ...ROOT_PAGES.map((name) => join(REPOSITORY, name)).map((path) => ({
      path,
      text: readFileSync(path, 'utf8'),
    })),
    ...FOLDERS.flatMap((folder) => textFiles(join(REPOSITORY, folder), /^(?!.*node_modules).*\.md$/)),
  ];

  it('has pages with links', () => {
    expect(pages.length).toBeGreaterThan(15);
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(50);
  });

  it('has no relative link that leads nowhere', () => {
    expect(
      pages.flatMap((page) =>
        linksOf(page)
          .filter((link) => !resolves(page, link))
          .map(named(page)),
      ),
    ).toEqual([]);
  });

  it('names no file below src, test or scripts that does not exist', () => {
    const missing = pages
      .filter(({ path }) => !path.endsWith('CHANGELOG.md'))
      .flatMap((page) =>
        [...page.text.matchAll(/`((?:src|test|scripts)\/[\w./-]+\.\w+)/g)]
          .map((match) => match[1]!)
          .filter((file) => !existsSync(join(REPOSITORY, file)))
          .map(named(page)),
      );
    expect(missing).toEqual([]);
  });

  it('is cited by comments in src/ that name only tests which exist', () => {
    const cited = textFiles(join(REPOSITORY, 'src'), /\.tsx?$/).flatMap((file) =>
      [...file.text.matchAll(/\btest\/[\w./-]+\.test\.ts\b/g)].map(([test]) => ({ file, test })),
    );
    expect(cited.length).toBeGreaterThan(0);
    const missing = cited.filter(({ test }) => !existsSync(join(REPOSITORY, test)));
    expect(missing.map(({ file, test }) => named(file)(test))).toEqual([]);
  });

  it('makes its claims about ONNX Runtime for the version that is installed', () => {
    const lock = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8'));
    const { version } = lock.packages['node_modules/onnxruntime-node'];
    const numerics = readFileSync(join(REPOSITORY, 'docs/numerics.md'), 'utf8');
    expect(new Set(numerics.match(/\d+\.\d+\.\d+/g))).toEqual(new Set([version]));
  });

  it('walks an instruction through functions that exist', () => {
    const walk = readFileSync(join(REPOSITORY, 'docs/architecture.md'), 'utf8');
    const stops = [...walk.matchAll(/^\d+\. `(src\/[^`]+)`: `(\w+)`/gm)];
    expect(stops.length).toBeGreaterThan(20);
    const lost = stops.filter(([, file, name]) => !definesIn(join(REPOSITORY, file!), name!));
    expect(lost.map(([stop]) => stop)).toEqual([]);
  });

  it('fits the README in 150 lines', () => {
    expect(readFileSync(join(REPOSITORY, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(151);
  });
});

const named = (page: TextFile) => (link: string) => `${relative(REPOSITORY, page.path)}: ${link}`;

/** A function, a method or a constant that holds one. */
function definesIn(path: string, name: string): boolean {
  if (!existsSync(path)) return false;
  const definition = new RegExp(`(function\\*? |const |^  (async )?\\*?)${name}\\b`, 'm');
  return definition.test(readFileSync(path, 'utf8'));
}

/** Targets of Markdown links and images that are no web addresses. */
function linksOf({ text }: TextFile): string[] {
  const prose = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '`code`');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^\w+:/.test(link));
}

function resolves(page: TextFile, link: string): boolean {
  const [file = '', anchor] = decodeURI(link).split('#');
  const target = file === '' ? page.path : join(dirname(page.path), file);
  if (!existsSync(target)) return false;
  return (
    anchor === undefined || (statSync(target).isFile() && anchorsOf(readFileSync(target, 'utf8')).has(anchor))
  );
}
