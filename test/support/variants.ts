import { join } from 'node:path';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { mistral } from '../../src/model/networks/mistral.ts';
import { qwen2 } from '../../src/model/networks/qwen2.ts';
import { qwen3 } from '../../src/model/networks/qwen3.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from './random-checkpoint.ts';

const exits = [1, 2, 4];
const dynamic = { type: 'dynamic', factor: 4, originalLength: 24 } as const;
/** One pair of a head of 8 stays as it is, one is blended, two are slowed down. */
const llama3 = {
  type: 'llama3',
  factor: 8,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalLength: 64,
} as const;

/**
 * Every kind of network that can be imported, as small as it goes; test/golden/variants has PyTorch's
 * answers.
 */
const VARIANTS: Readonly<Record<string, CheckpointOptions>> = {
  'multi-head': { kvHeads: 4 },
  'grouped-query': { exits },
  'multi-query': { kvHeads: 1, exits },
  'head-dim-24': { hiddenSize: 64, headDim: 24, exits },
  tied: { tiedHead: true, exits },
  'attention-bias': { attentionBias: true, exits },
  'mlp-bias': { mlpBias: true, kvHeads: 1, exits },
  linear: { ropeScaling: { type: 'linear', factor: 4 }, exits },
  dynamic: { ropeScaling: dynamic, contextLength: 96, exits },
  llama3: { ropeScaling: llama3, exits },
  yarn: {
    headDim: 24,
    config: {
      rope_parameters: {
        rope_type: 'yarn',
        rope_theta: 300,
        factor: 4,
        original_max_position_embeddings: 32,
      },
    },
    exits,
  },
  mistral: { family: mistral, config: { sliding_window: null }, exits },
  'mistral-wide-window': { family: mistral, config: { sliding_window: 128 }, configStyle: 4, exits },
  'mistral-window': { family: mistral, attentionWindow: { tokens: 16, layers: [0, 1, 2, 3] }, exits },
  'mistral-window-multi-query': {
    family: mistral,
    attentionWindow: { tokens: 32, layers: [0, 1, 2, 3] },
    kvHeads: 1,
    configStyle: 4,
    dtype: 'BF16',
    exits,
  },
  qwen2: { family: qwen2, exits },
  'qwen2-upper-window': {
    family: qwen2,
    config: { use_sliding_window: true, sliding_window: 7, max_window_layers: 3 },
    exits,
  },
  'qwen2-mixed-window': {
    family: qwen2,
    attentionWindow: { tokens: 19, layers: [0, 2] },
    tiedHead: true,
    exits,
  },
  qwen3: { family: qwen3, headDim: 24, exits },
  'qwen3-tied-window-bfloat16': {
    family: qwen3,
    kvHeads: 1,
    attentionBias: true,
    tiedHead: true,
    attentionWindow: { tokens: 11, layers: [1, 2] },
    dtype: 'BF16',
    configStyle: 4,
    exits,
  },
  'qwen3-yarn': {
    family: qwen3,
    ropeTheta: 100,
    ropeScaling: {
      type: 'yarn',
      factor: 8,
      attentionFactor: 1.3,
      betaFast: 4,
      betaSlow: 0.5,
      truncate: false,
      originalLength: 16,
    },
    configStyle: 4,
    exits,
  },
  float16: { dtype: 'F16', exits },
  'bfloat16-shards': { dtype: 'BF16', shards: 3, exits },
  'early-exit': { kind: 'early-exit', exits, base: 'grouped-query' },
  torch: { format: 'torch', kvHeads: 4, exits },
  'torch-float16-tied': { format: 'torch', dtype: 'F16', tiedHead: true, exits },
  'torch-bfloat16-shards': { format: 'torch', dtype: 'BF16', shards: 2, configStyle: 4, exits },
  'own-head': { config: { tie_word_embeddings: true }, exits },
  'llama3-float16-tied': { ropeScaling: llama3, dtype: 'F16', tiedHead: true, configStyle: 4, exits },
  'dynamic-biases-bfloat16-shards': {
    ropeScaling: dynamic,
    contextLength: 96,
    attentionBias: true,
    mlpBias: true,
    hiddenSize: 64,
    headDim: 24,
    dtype: 'BF16',
    shards: 2,
    configStyle: 4,
    exits,
  },
};

export const VARIANT_NAMES = Object.keys(VARIANTS);

/** Further forms of the same networks, which PyTorch need not answer for again. */
const FORMS: Readonly<Record<string, CheckpointOptions>> = {
  plain: {},
  soft: { kind: 'soft', exits },
  'tied-early-exit': { kind: 'early-exit', tiedHead: true, exits, base: 'tied' },
  unaligned: { shift: 3, exits },
};

/** Everything that can be imported, for what must stay byte for byte as it is. */
export const IMPORTABLE_NAMES = [...VARIANT_NAMES, ...Object.keys(FORMS)];

/** Writes a variant's checkpoint, and the one that it is based on, and returns its folder. */
export function writeVariant(root: string, name: string): string {
  const { base, ...options } = { ...VARIANTS, ...FORMS }[name]!;
  const baseOption = base === undefined ? {} : { base: writeVariant(root, base) };
  return writeRandomCheckpoint(join(root, name), { ...options, ...baseOption }).folder;
}

/** Writes and imports a variant and returns the model folder. */
export function importVariant(root: string, name: string): string {
  const folder = join(root, `${name}-model`);
  importCheckpoint(writeVariant(root, name), folder);
  return folder;
}
