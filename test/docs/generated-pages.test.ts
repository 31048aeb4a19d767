import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCS, PAGES } from '../../scripts/docs/pages.ts';
import { ENVIRONMENT } from '../../src/cli/environment.ts';
import { REPOSITORY, textFiles } from './text-files.ts';

describe('the generated pages of docs/', () => {
  for (const { name, text } of PAGES) {
    it(`${name} is up to date; if not: npm run docs`, async () => {
      expect(readFileSync(join(DOCS, name), 'utf8')).toBe(await text());
    });
  }

  it('list every environment variable that src/ reads, and no other', () => {
    const read = textFiles(join(REPOSITORY, 'src'), /\.tsx?$/).flatMap(({ text }) =>
      [...text.matchAll(/\benv\['(\w+)'\]/g)].map((match) => match[1]!),
    );
    expect(ENVIRONMENT.map(({ name }) => name).sort()).toEqual([...new Set(read)].sort());
  });
});
