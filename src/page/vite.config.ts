/** Builds the results page as one file, `dist/page/index.html`, that fetches nothing. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { readPublishedCells } from '../data/published-scores.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SQLITE = join(ROOT, 'node_modules/@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm');
const PUBLISHED = 'sorted-llama-table4.csv';

export default defineConfig({
  root: join(ROOT, 'src/page'),
  resolve: { alias: { '@sqlite.org/sqlite-wasm': join(SQLITE, 'sqlite3.mjs') } },
  plugins: [sqliteWithoutAddresses(), svgFontsWithoutAttribute(), publishedCells(), singleFile()],
  worker: { format: 'iife', plugins: () => [sqliteWithoutAddresses()] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(ROOT, 'dist/page'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
    // The page's letters become part of its style.
    assetsInlineLimit: 1_000_000,
  },
});

/** The library looks for its files beside its own address, which a worker made from a string does not have. */
function sqliteWithoutAddresses(): Plugin {
  return {
    name: 'sqlite-without-addresses',
    enforce: 'pre',
    transform: (code, id) =>
      id.includes('sqlite3.mjs') ? code.replaceAll('import.meta.url', "'http://localhost/'") : undefined,
  };
}

/** svgcanvas reads a font by way of a style attribute, which the page's policy forbids. */
function svgFontsWithoutAttribute(): Plugin {
  const attribute = /(\w+)\.setAttribute\(['"]style['"], ['"]font:['"] \+ this\.font\)/;
  return {
    name: 'svg-fonts-without-attribute',
    enforce: 'pre',
    transform: (code, id) => {
      if (!id.includes('/svgcanvas/')) return undefined;
      if (!attribute.test(code)) throw new Error(`${id} reads fonts in another way`);
      return code.replace(attribute, '$1.style.font = this.font');
    },
  };
}

/** The paper's cells, read and checked when the page is built. */
function publishedCells(): Plugin {
  const name = 'virtual:published-cells';
  return {
    name: 'published-cells',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => {
      if (id !== `\0${name}`) return undefined;
      const cells = readPublishedCells(join(ROOT, 'eval-data/published', PUBLISHED));
      return `export const name = ${JSON.stringify(PUBLISHED)};\nexport const cells = ${JSON.stringify(cells)};`;
    },
  };
}

/** Script, style and SQLite become parts of the page. */
function singleFile(): Plugin {
  return {
    name: 'single-file',
    enforce: 'post',
    generateBundle: (_options, bundle) => {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('no index.html was built');
      let html = String(page.source);
      for (const [name, part] of Object.entries(bundle)) {
        if (part === page) continue;
        const isScript = part.type === 'chunk';
        html = isScript ? withScript(html, name, part.code) : withStyle(html, name, String(part.source));
        delete bundle[name];
      }
      page.source = html.replace('<!--sqlite-->', () => dataBlock('sqlite', join(SQLITE, 'sqlite3.wasm')));
    },
  };
}

function withScript(html: string, name: string, code: string): string {
  const tag = new RegExp(`\\s*<script[^>]*src="[^"]*${name}"[^>]*></script>`);
  if (!tag.test(html)) throw new Error(`index.html does not load ${name}`);
  // Neither can stand in a script block; in strings and patterns the backslash changes nothing.
  const safe = code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  return html.replace(tag, '').replace('<!--script-->', () => `<script type="module">${safe}</script>`);
}

function withStyle(html: string, name: string, style: string): string {
  const tag = new RegExp(`<link[^>]*href="[^"]*${name}"[^>]*>`);
  if (!tag.test(html)) throw new Error(`index.html does not load ${name}`);
  return html.replace(tag, () => `<style>${style}</style>`);
}

function dataBlock(id: string, path: string): string {
  const text = gzipSync(readFileSync(path), { level: 9 }).toString('base64');
  return `<script type="text/plain" id="${id}">${text}</script>`;
}
