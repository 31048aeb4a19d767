import { describe, expect, it } from 'vitest';
import type { LineConfig } from '../../../src/figures/chart/figure.ts';
import { styledLine } from '../../../src/figures/chart/lines.ts';
import { baseOptions, INK, PAPER } from '../../../src/figures/chart/style.ts';
import { DARK_PAPER, onDark } from '../../../src/page/content/dark-color.ts';
import { themedConfig } from '../../../src/page/content/themed-config.ts';

const points = [
  { x: 1, y: 1 },
  { x: 2, y: 2, isFaint: true },
];
const config: LineConfig = {
  type: 'line',
  data: { datasets: [styledLine('#3 of 4', points, '#0072b2', 8)] },
  options: { ...baseOptions() },
};

describe('a configuration in a theme', () => {
  it('stays itself in the light one', () => {
    expect(themedConfig(config, 'light')).toBe(config);
  });

  it('has every color turned in the dark one, those in lists and of functions too, and nothing else', () => {
    const { data, options } = themedConfig(config, 'dark') as LineConfig;
    const [line] = data.datasets;
    expect(options).toMatchObject({ color: onDark(INK), backgroundColor: DARK_PAPER });
    expect(line).toMatchObject({ label: '#3 of 4', borderColor: onDark('#0072b2'), data: points });
    expect(line!.backgroundColor).toBe(DARK_PAPER);
    const [light] = config.data.datasets;
    const inks = light!.pointBorderColor as string[];
    expect(line!.pointBorderColor).toEqual(inks.map(onDark));
    const ofSegment = (line!.segment as { borderColor: unknown }).borderColor as (context: object) => string;
    expect(ofSegment({ p1DataIndex: 1 })).toBe(onDark(inks[1]!));
    expect(light!.backgroundColor).toBe(PAPER);
  });
});
