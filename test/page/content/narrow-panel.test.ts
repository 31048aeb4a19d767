import { describe, expect, it } from 'vitest';
import { klCurves } from '../../../src/figures/run/kl-curves.ts';
import { narrowPanel } from '../../../src/page/content/narrow-panel.ts';

const points = [2, 4, 6, 8].map((exit) => ({ exit, position: 0, meanKlNats: 1, instructions: 30 }));
const [panel] = klCurves({
  panels: [{ title: 'soft', points }],
  ...{ direction: 'KL', unit: 'nats', path: 'greedy', notes: [] },
}).panels;

describe('a chart in a narrow window', () => {
  it('has its legend below, and is higher by it', () => {
    const narrow = narrowPanel(panel!);
    expect(panel!.config.options!.plugins!.legend!.position).toBe('right');
    expect(narrow.config.options!.plugins!.legend!.position).toBe('bottom');
    // Two rows of three entries, and the legend's title.
    expect(narrow.heightPx).toBe(panel!.heightPx + 3 * 24);
    expect(narrow.config.data).toBe(panel!.config.data);
  });

  it('stays as it is where its legend stands elsewhere', () => {
    const narrow = narrowPanel(panel!);
    expect(narrowPanel(narrow)).toBe(narrow);
  });
});
