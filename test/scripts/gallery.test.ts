import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GALLERY, galleryText, RESULTS } from '../../scripts/gallery.ts';
import { renderFigure } from '../../src/figures/files/canvas.ts';
import { FIGURES } from '../../src/figures/run/figure-list.ts';
import { memory } from '../../src/figures/run/memory-bars.ts';
import { sizes } from '../figures/samples.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('the gallery', () => {
  it('matches the texts inside the published figures; if not: npm run gallery', () => {
    expect(readFileSync(GALLERY, 'utf8')).toBe(galleryText(RESULTS));
  });

  it('shows title, run and command of a figure, and tells which figures have none', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'my run'));
    const stamp = {
      run: 'my run',
      runSha256: 'a'.repeat(64),
      command: 'sorted-eval figures --db results.db',
    };
    writeFileSync(join(folder, 'my run', 'memory.png'), renderFigure(memory(sizes), { stamp }));
    const bench = { ...stamp, run: 'bench', command: 'npm run bench' };
    writeFileSync(join(folder, 'my run', 'bench.png'), renderFigure(memory(sizes), { stamp: bench }));
    writeFileSync(join(folder, 'my run', 'old.png'), renderFigure(memory(sizes)));
    const alone = { command: 'sorted-eval figures --published table.csv' };
    writeFileSync(join(folder, 'my run', 'published.png'), renderFigure(memory(sizes), { stamp: alone }));
    const text = galleryText(folder);
    expect(text).toContain('Of no run: `npx sorted-eval figures --published eval-data/published/table.csv`');
    expect(text).toContain(`![${sizes.title}](results/my run/memory.png)`);
    expect(text).toContain(
      'Run my run, `aaaaaaaaaaaa…`: `npx sorted-eval figures --db reports/my run/results.db`',
    );
    expect(text).toContain('Run bench, `aaaaaaaaaaaa…`: `npm run bench`');
    expect(text).toContain('Drawn before figures carried the name of their run: `npx sorted-eval figures');
  });

  it("shows a run's figures in the order of the list of figures, then the others", () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'run'));
    const names = ['another', ...FIGURES.map(({ name }) => name).sort()];
    for (const name of names) writeFileSync(join(folder, 'run', `${name}.png`), renderFigure(memory(sizes)));
    const shown = [...galleryText(folder).matchAll(/run\/([\w-]+)\.png/g)].map(([, name]) => name);
    expect(shown).toEqual([...FIGURES.map(({ name }) => name), 'another']);
  });
});
