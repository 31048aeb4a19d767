import { qwen2 } from '../../src/model/networks/qwen2.ts';
import { qwen3 } from '../../src/model/networks/qwen3.ts';
import type { CheckpointOptions } from './random-checkpoint.ts';

/**
 * Networks whose kernels may sum in different orders: results must not depend on what is computed beside
 * them.
 */
export const NETWORK_SHAPES: [name: string, options: CheckpointOptions][] = [
  ['grouped-query attention', {}],
  ['multi-head attention', { kvHeads: 4 }],
  ['multi-query attention', { kvHeads: 1 }],
  ['sizes that fill no vector', { headDim: 6, hiddenSize: 30, intermediateSize: 37 }],
  // Sums long enough for ONNX Runtime to split them by size and by threads.
  ['heads of 256', { layers: 2, headDim: 256, kvHeads: 2 }],
  ['one key head of 128', { layers: 2, headDim: 128, heads: 8, kvHeads: 1 }],
  ['biases', { attentionBias: true, mlpBias: true }],
  ['a window in half of the layers', { family: qwen2, attentionWindow: { tokens: 10, layers: [1, 3] } }],
  ['norms of queries and keys', { family: qwen3 }],
  // Each row of a step has frequencies of its own.
  ['dynamic rope', { ropeScaling: { type: 'dynamic', factor: 16, originalLength: 64 } }],
];
