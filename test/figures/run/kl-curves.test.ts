import { describe, expect, it } from 'vitest';
import { logRange } from '../../../src/figures/axis/log-axis.ts';
import type { LineConfig, LinePoint } from '../../../src/figures/chart/figure.ts';
import { paler } from '../../../src/figures/chart/palette.ts';
import { klConfig, klCurves } from '../../../src/figures/run/kl-curves.ts';
import { kl } from '../samples.ts';

const [own, cross] = kl.panels as [(typeof kl.panels)[number], (typeof kl.panels)[number]];

function axis(config: LineConfig, name: 'x' | 'y') {
  return config.options!.scales![name] as unknown as Record<string, unknown> & { title: { text: string[] } };
}

describe('KL curves', () => {
  it('have one line for each exit, ordered by layer, with the numbers at their positions', () => {
    const { datasets } = klConfig(own, kl).data;
    expect(datasets.map(({ label }) => label)).toEqual(['3 layers', '10 layers']);
    expect(datasets[1]!.data).toMatchObject([
      { x: 0, y: 0 },
      { x: 1, y: 0.03 },
    ]);
  });

  it('are interrupted where a position is absent', () => {
    const [first] = klConfig(own, kl).data.datasets;
    expect(first!.data).toMatchObject([
      { x: 0, y: 6.25 },
      { x: 1, y: null },
      { x: 2, y: 4.5 },
    ]);
    expect(first!.spanGaps).toBe(false);
  });

  it('differ in color and marker at each of eight exits', () => {
    const points = [3, 4, 5, 6, 7, 8, 9, 10].map((exit) => ({
      exit,
      position: 0,
      meanKlNats: 1,
      instructions: 1,
    }));
    const { datasets } = klConfig({ title: 'eight', points }, kl).data;
    expect(new Set(datasets.map(({ borderColor }) => borderColor)).size).toBe(8);
    expect(new Set(datasets.map(({ pointStyle }) => pointStyle)).size).toBe(8);
  });

  it('name direction, unit, path and notes', () => {
    const figure = klCurves(kl);
    expect(figure.title).toContain('KL(reference ‖ sub-model)');
    expect(axis(figure.panels[0]!.config as LineConfig, 'y').title.text).toEqual([
      'Mean KL(reference ‖ sub-model), nats',
    ]);
    expect(figure.footer[0]).toContain("in nats; path: teacher-forced on the reference's greedy answer.");
    expect(figure.footer[1]).toBe('n = 170.');
  });

  it('have one axis for the panels of a row, and a note where there are several rows, or one for all', () => {
    const [third] = [{ ...cross, title: 'third' }];
    const three = { ...kl, panels: [own, cross, third!] };
    const ends = (input: typeof kl) =>
      input.panels.map((panel) => [
        axis(klConfig(panel, input), 'x')['max'],
        axis(klConfig(panel, input), 'y')['max'],
      ]);
    expect(ends(three)).toEqual([
      [19, 7],
      [19, 7],
      [19, 0.6],
    ]);
    expect(klCurves(three).footer[0]).toContain('The panels of a row share their axes, the rows differ.');
    expect(klCurves(kl).footer[0]).not.toContain('the rows differ');
    const shared = { ...three, sharedScale: true };
    expect(ends(shared)).toEqual([
      [19, 7],
      [19, 7],
      [19, 7],
    ]);
    expect(klCurves(shared).footer[0]).not.toContain('the rows differ');
  });

  const bounded = (instructions: number, position = 0) => ({
    ...{ exit: 3, position, meanKlNats: 0.25, instructions, ciLow: 0.2, ciHigh: 0.3 },
  });

  it('have n below each position', () => {
    const x = axis(klConfig(own, kl), 'x') as unknown as { ticks: { callback: (value: number) => string[] } };
    expect([0, 2, 3].map(x.ticks.callback)).toEqual([
      ['0', '170'],
      ['2', '160'],
      ['3', '–'],
    ]);
  });

  it('carry the interval and n of each point, which the page shows on hover', () => {
    const config = klConfig({ title: 'p', points: [bounded(170)] }, kl);
    expect(config.data.datasets[0]!.data).toEqual([
      { x: 0, y: 0.25, low: 0.2, high: 0.3, detail: '0.25 nats (95 % 0.2 to 0.3, n = 170)' },
    ]);
    const label = config.options!.plugins!.tooltip!.callbacks!.label as (item: object) => string;
    expect(label({ dataset: { label: '3 layers' }, raw: config.data.datasets[0]!.data[0] })).toBe(
      '3 layers: 0.25 nats (95 % 0.2 to 0.3, n = 170)',
    );
    const figure = klCurves({ ...kl, panels: [{ title: 'p', points: [bounded(170)] }] });
    expect(figure.footer[0]).toContain("Bands: 95 % interval of the mean (Student's t over instructions)");
    expect(klCurves(kl).footer[0]).not.toContain('Bands');
  });

  it('are pale from fewer than 30 instructions on, and such an interval does not stretch the axis', () => {
    const wide = { ...bounded(29, 1), ciHigh: 9 };
    const config = klConfig({ title: 'p', points: [bounded(30), wide] }, kl);
    const [line] = config.data.datasets;
    expect(line!.data.map((point) => (point as LinePoint).isFaint ?? false)).toEqual([false, true]);
    const [firm, pale] = line!.pointBorderColor as unknown as string[];
    expect(firm).toBe(line!.borderColor);
    expect(pale).toBe(paler(line!.borderColor as string));
    const { borderColor } = line!.segment as unknown as { borderColor: (context: object) => string };
    expect(borderColor({ p1DataIndex: 1 })).toBe(pale);
    expect(axis(config, 'y')['max']).toBeLessThan(1);
    expect(klCurves({ ...kl, panels: [{ title: 'p', points: [wide] }] }).footer[0]).toContain(
      'fewer than 30',
    );
  });

  it('leave zeros out of a logarithmic axis, with a note', () => {
    const log = { ...kl, scale: 'log' as const };
    expect(klConfig(own, log).data.datasets[1]!.data[0]).toEqual({ x: 0, y: null });
    expect(axis(klConfig(own, log), 'y')['type']).toBe('logarithmic');
    expect(klCurves(log).footer[0]).toContain('Values of 0');
    expect(klCurves(kl).footer[0]).not.toContain('Values of 0');
  });

  it.each([
    ['panels', { ...kl, panels: [] }],
    ['points', { ...kl, panels: [{ title: 'none', points: [] }] }],
  ])('without %s are an error with code empty', (_, input) => {
    expect(() => klCurves(input)).toThrow(expect.objectContaining({ name: 'InputError', code: 'empty' }));
  });
});

describe('logRange', () => {
  it.each([
    [[0.03, 6.25], 0.02, 10],
    [[0.1, 5], 0.1, 5],
    [[2], 2, 20],
    [[0, 0], 0.1, 1],
    [[3e-7, 0.9], 2e-7, 1],
  ])('around %j ends at %d and %d', (values, min, max) => {
    expect(logRange(values)).toMatchObject({ min, max });
  });

  it('labels 1, 2 and 5, and over many decades only 1', () => {
    const labels = (values: number[]) => [0.05, 0.1, 0.2, 0.3].map(logRange(values).ticks.callback);
    expect(labels([0.03, 6])).toEqual(['0.05', '0.1', '0.2', '']);
    expect(labels([1e-6, 6])).toEqual(['', '0.1', '', '']);
  });
});
