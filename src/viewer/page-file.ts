/** The built page, and the policy that limits it in a browser. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../core/errors.ts';

/** Seen from `src/viewer/` and from `dist/viewer/` alike. */
const PAGE = fileURLToPath(new URL('../../dist/page/index.html', import.meta.url));

/** Throws InputError `not-found` where the page is not built. */
export function readPage(): string {
  try {
    return readFileSync(PAGE, 'utf8');
  } catch (cause) {
    throw new InputError({
      code: 'not-found',
      where: PAGE,
      expected: 'the results page',
      found: 'nothing',
      fix: 'Build it: npm run build.',
      cause,
    });
  }
}

/** A tag in the page's head in which the page finds what it shows. */
export function headTag(name: 'results' | 'second' | 'run', content: string): string {
  const text = content.replace(/[&"<]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return `<meta name="sorted-eval-${name}" content="${text}">`;
}

/**
 * Content-Security-Policy that lets the page's own script and style run, and nothing else; only SQLite's WebAssembly and
 * the worker around it. `connect`: whether it may fetch from its own server.
 */
export function policyOf(page: string, connect: "'self'" | "'none'"): string {
  return [
    "default-src 'none'",
    `script-src ${hashes(page, /<script type="module">([\s\S]*?)<\/script>/g)} 'wasm-unsafe-eval'`,
    `style-src ${hashes(page, /<style>([\s\S]*?)<\/style>/g)}`,
    'worker-src blob:',
    'img-src data:',
    'font-src data:',
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashes(page: string, blocks: RegExp): string {
  const found = [...page.matchAll(blocks)].map(([, text]) =>
    createHash('sha256').update(text!).digest('base64'),
  );
  return found.map((hash) => `'sha256-${hash}'`).join(' ');
}
