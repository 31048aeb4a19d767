import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inverseFrequencies, type RopeShape, ropeTables, thetaAt } from '../../../src/engine/session/rope.ts';
import { architectureOf, checkConfig } from '../../../src/model/checkpoint/config/read-config.ts';

const shape = (change: Partial<RopeShape> = {}): RopeShape => ({
  headDim: 4,
  ropeTheta: 100,
  ropeScaling: null,
  contextLength: 3000,
  ...change,
});

describe('ropeTables', () => {
  it('turns pair i of a position by position / theta^(2i / headDim)', () => {
    const tables = ropeTables(shape());
    expect(tables.cos.length).toBe(6000);
    expect(tables.cos[2 * 5]).toBeCloseTo(Math.cos(5), 6);
    expect(tables.sin[2 * 5 + 1]).toBeCloseTo(Math.sin(0.5), 6);
  });

  it('rounds frequency and angle to float32 first, as transformers does', () => {
    const angle = Math.fround(2999 * Math.fround(1 / 100 ** 0.5));
    expect(ropeTables(shape()).sin[2 * 2999 + 1]).toBe(Math.fround(Math.sin(angle)));
  });

  it('with dynamic scaling turns a prompt by its length and each later token by its own', () => {
    const dynamic = shape({
      ropeScaling: { type: 'dynamic', factor: 2, originalLength: 10 },
      contextLength: 20,
    });
    const slow = (tables: ReturnType<typeof ropeTables>) =>
      Array.from({ length: 20 }, (_, p) => tables.sin[2 * p + 1]);
    const by = (length: number) =>
      slow(ropeTables(shape({ ropeTheta: thetaAt(dynamic, length), contextLength: 20 })));
    const decoded = slow(ropeTables(dynamic));
    expect(decoded).toEqual(decoded.map((_, p) => by(Math.max(10, p + 1))[p]));
    const prompted = slow(ropeTables(dynamic, 15));
    expect(prompted).toEqual([...by(15).slice(0, 15), ...decoded.slice(15)]);
    expect(new Set(Array.from({ length: 11 }, (_, more) => thetaAt(dynamic, 10 + more))).size).toBe(11);
  });
});

interface RopeCase {
  readonly config: { readonly head_dim: number };
  readonly length: number;
  readonly inverse_frequencies: readonly number[];
  /** Where it is not 1. */
  readonly attention_scaling?: number;
}

describe('inverseFrequencies', () => {
  const cases: RopeCase[] = JSON.parse(readFileSync('test/golden/variants/rope.json', 'utf8'));
  const network = {
    model_type: 'llama',
    num_hidden_layers: 1,
    num_attention_heads: 4,
    intermediate_size: 8,
    vocab_size: 8,
  };

  it.each(cases)(
    'are transformers’ to the last two bits, and so is the factor of the tables: $config, $length tokens',
    ({ config, length, inverse_frequencies, attention_scaling = 1 }) => {
      const checked = checkConfig({ ...network, hidden_size: 4 * config.head_dim, ...config }, 'config.json');
      const architecture = architectureOf(checked, 'config.json');
      const ours = inverseFrequencies(architecture, thetaAt(architecture, length));
      expect(ours.length).toBe(inverse_frequencies.length);
      // Neighbouring float32 numbers are at most 2⁻²³ of their size apart; PyTorch's powers are not always
      // rounded right.
      const errors = inverse_frequencies.map((value, i) => Math.abs(ours[i]! / value - 1));
      expect(Math.max(...errors)).toBeLessThanOrEqual(2 ** -22);
      expect(ropeTables({ ...architecture, contextLength: 1 }).cos[0]).toBe(Math.fround(attention_scaling));
    },
  );
});
