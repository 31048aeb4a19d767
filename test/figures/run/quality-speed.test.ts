import { describe, expect, it } from 'vitest';
import type { LineConfig } from '../../../src/figures/chart/figure.ts';
import { qualityConfig, qualitySpeed, speedConfig } from '../../../src/figures/run/quality-speed.ts';
import { quality } from '../samples.ts';

interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: { readonly stepSize: number; readonly callback: (value: number) => string };
  readonly title: { readonly text: string[] };
}

function axes(config: LineConfig): Record<'x' | 'y', Axis> {
  return config.options!.scales! as unknown as Record<'x' | 'y', Axis>;
}

describe('quality and speed', () => {
  it('have one line for each model, by exit, with gaps where nothing was measured', () => {
    expect(qualityConfig(quality).data.datasets.map(({ label, data }) => [label, data])).toMatchObject([
      [
        'SoFT',
        [
          { x: 12, y: 0.6 },
          { x: 16, y: null },
          { x: 40, y: 0.81 },
        ],
      ],
      ['SFT', [{ x: 12, y: 0.04 }]],
    ]);
    expect(speedConfig(quality).data.datasets[0]!.data.map(({ y }) => y)).toEqual([6000, 4500, 1800]);
  });

  it('carry n and interval, which the page shows on hover', () => {
    const measured = { exit: 3, quality: 0.9471, tokensPerSecond: 1234.4, instructions: 170 };
    const speed = { speedLow: 1200.2, speedHigh: 1300.4, repetitions: 10 };
    const input = { ...quality, models: [{ name: 'm', points: [{ ...measured, ...speed }] }] };
    expect(qualityConfig(input).data.datasets[0]!.data[0]).toEqual({
      ...{ x: 3, y: 0.9471, detail: '94.71 % (95 % 90.25 to 97.19 %, n = 170)' },
    });
    expect(speedConfig(input).data.datasets[0]!.data[0]).toEqual({
      ...{ x: 3, y: 1234, low: 1200, high: 1300, detail: '1,234 tokens/s (95 % 1,200 to 1,300, n = 10)' },
    });
    expect(axes(speedConfig(input)).y.max).toBe(1400);
    expect(axes(speedConfig(input)).y.title.text).toEqual(['Tokens per second (median)']);
    expect(axes(speedConfig(quality)).y.title.text).toEqual(['Tokens per second']);
  });

  it('draw what chooses its depth token by token at its mean layers', () => {
    const fixed = { exit: 3, quality: 0.5, tokensPerSecond: 10 };
    const adaptive = { exit: 10, meanLayers: 4.25, quality: 0.9, tokensPerSecond: 8 };
    const models = [
      { name: 'm', points: [fixed, { ...fixed, exit: 10 }] },
      { name: 'm adaptive 0.9', points: [adaptive] },
    ];
    const config = qualityConfig({ ...quality, models });
    expect(config.data.datasets.map(({ data }) => data.map(({ x }) => x))).toEqual([[3, 10], [4.25]]);
    expect(axes(config).x.title.text).toEqual(['Exit, or mean layers a token']);
    expect(axes(config).x).toMatchObject({ min: 3, max: 10 });
  });

  it('label the quality as given, in its own range', () => {
    const { y } = axes(qualityConfig(quality));
    expect([y.title.text, y.min, y.max]).toEqual([['Exact match with the known answer'], 0, 1]);
    expect([0, 0.055, 1].map((value) => y.ticks.callback(value))).toEqual(['0 %', '5.5 %', '100 %']);
    const score = { label: 'Mean score', range: [-1, 1], format: 'number' } as const;
    const other = axes(qualityConfig({ ...quality, quality: score })).y;
    expect([other.min, other.ticks.callback(-0.5)]).toEqual([-1, '−0.5']);
  });

  it('have no line, and no place in the legend, for a model without numbers; colors stay', () => {
    const both = qualityConfig(quality).data.datasets;
    const [first] = quality.models;
    const models = [
      { ...first!, points: [{ exit: 12, quality: null, tokensPerSecond: 1 }] },
      quality.models[1]!,
    ];
    const { datasets } = qualityConfig({ ...quality, models }).data;
    expect(datasets.map(({ label }) => label)).toEqual(['SFT']);
    expect([datasets[0]!.borderColor, datasets[0]!.pointStyle]).toEqual([
      both[1]!.borderColor,
      both[1]!.pointStyle,
    ]);
  });

  it('draw one exit as one point', () => {
    const models = [{ name: 'm', points: [{ exit: 8, quality: 0.5, tokensPerSecond: 10 }] }];
    const config = qualityConfig({ ...quality, models });
    expect(axes(config).x).toMatchObject({ min: 7, max: 9 });
    expect(config.data.datasets[0]!.data).toMatchObject([{ x: 8, y: 0.5 }]);
  });

  it('stand side by side', () => {
    const { widthPx, panels } = qualitySpeed(quality);
    expect(panels).toHaveLength(2);
    expect(panels[0]!.widthPx + panels[1]!.widthPx).toBeLessThan(widthPx);
  });

  it.each([
    ['models', { ...quality, models: [] }],
    ['points', { ...quality, models: [{ name: 'SoFT', points: [] }] }],
  ])('without %s are an error with code empty', (_, input) => {
    expect(() => qualitySpeed(input)).toThrow(expect.objectContaining({ name: 'InputError', code: 'empty' }));
  });
});
