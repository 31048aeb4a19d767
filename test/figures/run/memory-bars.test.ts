import { describe, expect, it } from 'vitest';
import { humanBytes } from '../../../src/figures/chart/format-number.ts';
import { memory, memoryConfig, separateModels, totalText } from '../../../src/figures/run/memory-bars.ts';
import { sizes } from '../samples.ts';

describe('memory', () => {
  it('stacks the parts of each model and leaves out parts that none has', () => {
    const { labels, datasets } = memoryConfig(sizes).data;
    expect(labels).toEqual(['SFT', 'early-exit']);
    expect(datasets.map(({ label, data }) => [label, data])).toEqual([
      ['Body layers', [1_000_000, 1_000_000]],
      ['Embedding', [32_000, 32_000]],
      ['Extra exit heads', [0, 228_480]],
    ]);
  });

  it('keeps the color of a part when another is left out', () => {
    const withHead = { ...sizes, bars: sizes.bars.map((bar) => ({ ...bar, head: 5 })) };
    const colors = (input: typeof sizes) =>
      Object.fromEntries(memoryConfig(input).data.datasets.map((set) => [set.label, set.backgroundColor]));
    expect(colors(withHead)).toMatchObject(colors(sizes));
  });

  it('prints totals with units, and the extra heads by themselves', () => {
    expect(totalText(sizes.bars[0]!, humanBytes)).toBe('1.03 MB');
    expect(totalText(sizes.bars[1]!, humanBytes)).toBe('1.26 MB (extra heads 228 kB)');
  });

  it('counts separate models by their own layers, each with embedding and head', () => {
    const model = { body: 1000, embedding: 30, head: 20, extraHeads: 0 };
    expect(separateModels(model, [5, 10], 10)).toEqual({
      body: 1500,
      embedding: 60,
      head: 40,
      extraHeads: 0,
    });
  });

  it('without bars is an error with code empty', () => {
    expect(() => memory({ ...sizes, bars: [] })).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'empty' }),
    );
  });
});
