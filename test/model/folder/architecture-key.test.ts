import { describe, expect, it } from 'vitest';
import { type Architecture, biasesOf, DEFAULT_TRAITS } from '../../../src/model/checkpoint/architecture.ts';
import { architectureKey } from '../../../src/model/folder/architecture-key.ts';
import { LLAMA_3_2_1B } from '../../support/sparse-checkpoint.ts';

const keyOf = (change: object) => JSON.stringify(architectureKey({ ...LLAMA_3_2_1B, ...change }));
const PLAIN = keyOf({});

describe('architectureKey', () => {
  it('is the JSON of the first keys, field by field in their order', () => {
    const ropeScaling = {
      originalLength: 8192,
      highFrequencyFactor: 4,
      lowFrequencyFactor: 1,
      factor: 32,
      type: 'llama3',
    };
    expect(keyOf({ biases: biasesOf(true, false), ropeScaling })).toBe(
      '{"layers":16,"hiddenSize":2048,"heads":32,"kvHeads":8,"headDim":64,"intermediateSize":8192,' +
        '"vocabSize":128256,"rmsNormEps":0.00001,"ropeTheta":500000,"ropeScaling":{"type":"llama3","factor":32,' +
        '"lowFrequencyFactor":1,"highFrequencyFactor":4,"originalLength":8192},"contextLength":8192,' +
        '"tiedHead":true,"attentionBias":true,"mlpBias":false}',
    );
  });

  it('holds everything that yarn depends on', () => {
    const yarn = {
      type: 'yarn',
      factor: 4,
      attentionFactor: 1.5,
      betaFast: 32,
      betaSlow: 1,
      truncate: true,
      originalLength: 4096,
    } as const;
    const changes = [
      { factor: 5 },
      { attentionFactor: 2 },
      { betaFast: 31 },
      { betaSlow: 2 },
      { truncate: false },
      { originalLength: 64 },
    ];
    const keys = [{}, ...changes].map((change) => keyOf({ ropeScaling: { ...yarn, ...change } }));
    expect(new Set(keys).size).toBe(7);
    const reversed = Object.fromEntries(Object.entries(yarn).reverse());
    expect(keyOf({ ropeScaling: reversed })).toBe(keys[0]);
  });

  it('does not depend on the order in which fields lie in memory', () => {
    const reversed = Object.fromEntries(Object.entries(LLAMA_3_2_1B).reverse()) as Architecture;
    expect(JSON.stringify(architectureKey(reversed))).toBe(PLAIN);
  });

  it('leaves out a later field at its default', () => {
    for (const field of Object.keys(DEFAULT_TRAITS)) expect(PLAIN).not.toContain(field);
    expect(PLAIN).not.toContain('biases');
  });

  it.each<[string, Partial<Architecture> | object]>([
    ['norm', { norm: 'rms-plus-one' }],
    ['activation', { activation: 'gelu-tanh' }],
    ['embeddingScale', { embeddingScale: 2 }],
    ['attentionWindow', { attentionWindow: { tokens: 9, layers: [0] } }],
    ['headNorms', { headNorms: true }],
    ['biases', { biases: { ...biasesOf(true, false), o: false } }],
    ['biases', { biases: { ...biasesOf(false, false), down: true } }],
    ['a field that nobody knows yet', { 'a field that nobody knows yet': 0 }],
  ])('holds %s at any other value', (field, change) => {
    expect(keyOf(change)).not.toBe(PLAIN);
    expect(keyOf(change)).toContain(`"${field}":`);
  });

  it('holds biases that no pair of flags can express in an order of its own', () => {
    const biases = { down: false, up: false, gate: false, o: false, v: true, k: true, q: true };
    expect(keyOf({ biases })).toBe(keyOf({ biases: { ...biasesOf(true, false), o: false } }));
  });
});
