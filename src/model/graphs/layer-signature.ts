import type { Architecture } from '../checkpoint/architecture.ts';
import type { OnnxValue } from './onnx.ts';

/**
 * Names of a layer's keys and values among the graph's inputs and outputs; `layer` counts from 0 through the
 * whole model.
 */
export const pastKey = (layer: number) => `past_key.${layer}`;
export const pastValue = (layer: number) => `past_value.${layer}`;
export const presentKey = (layer: number) => `new_key.${layer}`;
export const presentValue = (layer: number) => `new_value.${layer}`;

/**
 * Input of graphs that can run stepwise: int64 [B, kvH, S, 3], for each new key its row, head and position in the
 * cache. Empty where all tokens go through one product.
 */
export const PLACES = 'places';

/** `mask` is that of layers that attend to all tokens; see `Architecture.attentionWindow` for the other. */
type MaskName = 'mask' | 'window_mask';

/** Name of the mask that a layer adds to its scores. */
export function maskOf({ attentionWindow }: Pick<Architecture, 'attentionWindow'>, layer: number): MaskName {
  return attentionWindow?.layers.includes(layer) ? 'window_mask' : 'mask';
}

/** Names of the masks that these layers read. */
export function masksOf(
  architecture: Pick<Architecture, 'attentionWindow'>,
  layers: readonly number[],
): MaskName[] {
  return [...new Set(layers.map((layer) => maskOf(architecture, layer)))].sort();
}

/** What a graph of these layers takes; token ids if it starts with the embedding. */
export function inputsOf(
  architecture: Architecture,
  layers: readonly number[],
  isFirst: boolean,
): OnnxValue[] {
  const { hiddenSize, kvHeads, headDim, contextLength } = architecture;
  const past = ['B', kvHeads, 1, 'C', headDim];
  return [
    isFirst
      ? { name: 'input_ids', type: 'int64', shape: ['B', 'S'] }
      : { name: 'hidden', type: 'float', shape: ['B', 'S', hiddenSize] },
    { name: 'position_ids', type: 'int64', shape: ['B', 'S'] },
    { name: 'cos', type: 'float', shape: [contextLength, headDim / 2] },
    { name: 'sin', type: 'float', shape: [contextLength, headDim / 2] },
    ...masksOf(architecture, layers).map((name): OnnxValue => {
      return { name, type: 'float', shape: ['B', 1, 1, 'S', 'T'] };
    }),
    ...layers.flatMap((layer): OnnxValue[] => [
      { name: pastKey(layer), type: 'float', shape: past },
      { name: pastValue(layer), type: 'float', shape: past },
    ]),
  ];
}

/** What a graph of these layers returns. */
export function outputsOf(architecture: Architecture, layers: readonly number[]): OnnxValue[] {
  const { hiddenSize, kvHeads, headDim } = architecture;
  const present = ['B', kvHeads, 'S', headDim];
  return [
    { name: 'hidden_out', type: 'float', shape: ['B', 'S', hiddenSize] },
    ...layers.flatMap((layer): OnnxValue[] => [
      { name: presentKey(layer), type: 'float', shape: present },
      { name: presentValue(layer), type: 'float', shape: present },
    ]),
  ];
}
