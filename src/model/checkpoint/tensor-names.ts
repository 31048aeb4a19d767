import type { ModelKind } from '../../core/domain.ts';
import { PROJECTIONS } from '../networks/network-family.ts';
import type { Architecture } from './architecture.ts';

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';
export const LM_HEAD = 'lm_head.weight';

/** Exits that have a head, or a final norm, of their own; all others use the network's. */
export interface ExitHeads {
  readonly heads: readonly number[];
  readonly norms: readonly number[];
}

export const NO_EXIT_HEADS: ExitHeads = { heads: [], norms: [] };

/** Early-exit training gives a head to every exit but that of full depth, and no norm. */
export function trainedExitHeads(kind: ModelKind, exits: readonly number[], layers: number): ExitHeads {
  return kind === 'early-exit' ? { heads: exits.filter((exit) => exit < layers), norms: [] } : NO_EXIT_HEADS;
}

const exitHeadName = (exit: number) => `exit_heads.${exit}.weight`;
const exitNormName = (exit: number) => `exit_norms.${exit}.weight`;

/** Whether a tensor is the head or the norm of one exit alone. */
export const isOfOneExit = (name: string) => /^exit_(?:heads|norms)\.\d+\.weight/.test(name);

/** The tensor that turns the normed hidden state of an exit into logits. */
export function headTensorOf(
  { tiedHead }: Pick<Architecture, 'tiedHead'>,
  own: ExitHeads,
  exit: number,
): string {
  if (own.heads.includes(exit)) return exitHeadName(exit);
  return tiedHead ? EMBEDDING : LM_HEAD;
}

/** The weight of the norm before it. */
export function normTensorOf(own: ExitHeads, exit: number): string {
  return own.norms.includes(exit) ? exitNormName(exit) : FINAL_NORM;
}

/** The heads and norms of single exits, with their shapes. */
export function exitTensors(
  { hiddenSize: D, vocabSize: V }: Pick<Architecture, 'hiddenSize' | 'vocabSize'>,
  { heads, norms }: ExitHeads,
): [string, readonly number[]][] {
  return [
    ...heads.map((exit): [string, readonly number[]] => [exitHeadName(exit), [V, D]]),
    ...norms.map((exit): [string, readonly number[]] => [exitNormName(exit), [D]]),
  ];
}

/** Names of one layer's weights in transformers' `LlamaForCausalLM`; `layer` counts from 0 as there. */
export function layerTensorNames(layer: number) {
  const prefix = `model.layers.${layer}.`;
  return {
    inputNorm: `${prefix}input_layernorm.weight`,
    q: `${prefix}self_attn.q_proj.weight`,
    k: `${prefix}self_attn.k_proj.weight`,
    v: `${prefix}self_attn.v_proj.weight`,
    o: `${prefix}self_attn.o_proj.weight`,
    postNorm: `${prefix}post_attention_layernorm.weight`,
    gate: `${prefix}mlp.gate_proj.weight`,
    up: `${prefix}mlp.up_proj.weight`,
    down: `${prefix}mlp.down_proj.weight`,
  };
}

/** Names of the norms of queries and keys. */
export function headNormNames(layer: number) {
  const prefix = `model.layers.${layer}.self_attn.`;
  return { q: `${prefix}q_norm.weight`, k: `${prefix}k_norm.weight` };
}

/** Name of the bias beside a projection's weight. */
export const biasName = (weight: string) => weight.replace(/weight$/, 'bias');

/** Every tensor that the graphs read, with its shape; weights are [out, in]. */
export function* expectedTensors(
  architecture: Architecture,
  own: ExitHeads = NO_EXIT_HEADS,
): Generator<[name: string, shape: readonly number[]]> {
  const { hiddenSize: D, vocabSize: V, layers, tiedHead } = architecture;
  yield [EMBEDDING, [V, D]];
  yield [FINAL_NORM, [D]];
  if (!tiedHead) yield [LM_HEAD, [V, D]];
  for (let layer = 0; layer < layers; layer++) yield* layerTensors(architecture, layer);
  yield* exitTensors(architecture, own);
}

/** The tensors of one layer with their shapes, biases and norms of heads last. */
export function layerTensors(architecture: Architecture, layer: number): [string, readonly number[]][] {
  const { hiddenSize: D, heads, kvHeads, headDim, intermediateSize: I } = architecture;
  const { biases, headNorms } = architecture;
  const names = layerTensorNames(layer);
  const shapes: Record<keyof typeof names, readonly [number, ...number[]]> = {
    inputNorm: [D],
    q: [heads * headDim, D],
    k: [kvHeads * headDim, D],
    v: [kvHeads * headDim, D],
    o: [D, heads * headDim],
    postNorm: [D],
    gate: [I, D],
    up: [I, D],
    down: [D, I],
  };
  const weights = Object.keys(shapes) as (keyof typeof names)[];
  return [
    ...weights.map((weight): [string, readonly number[]] => [names[weight], shapes[weight]]),
    ...PROJECTIONS.filter((projection) => biases[projection]).map(
      (projection): [string, readonly number[]] => [biasName(names[projection]), [shapes[projection][0]]],
    ),
    ...Object.values(headNorms ? headNormNames(layer) : {}).map((name): [string, readonly number[]] => {
      return [name, [headDim]];
    }),
  ];
}
