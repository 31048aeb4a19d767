/**
 * A LLaMA that shares nothing with the engine: float64, one sequence, no cache, loops as the paper's formulas
 * stand (RMSNorm, rotary embedding in transformers' half-split form, grouped-query attention, gated MLP).
 */
import type { Architecture } from '../../src/model/checkpoint/architecture.ts';
import type { NamedTensor } from './safetensors-file.ts';

type Weights = ReadonlyMap<string, NamedTensor>;
type Vector = number[];

/** Hidden states [T][D] after layer `exit` for all tokens. */
function referenceHidden(architecture: Architecture, weights: Weights, ids: readonly number[], exit: number) {
  const { hiddenSize, embeddingScale } = architecture;
  const embedding = weights.get('model.embed_tokens.weight')!.values;
  const embed = (id: number) => [...embedding.subarray(id * hiddenSize, (id + 1) * hiddenSize)];
  let hidden: Vector[] = ids.map((id) => embed(id).map((value) => value * embeddingScale));
  for (let layer = 0; layer < exit; layer++) hidden = runLayer(architecture, weights, layer, hidden);
  return hidden;
}

/**
 * Logits [V] of the token after `ids` at one exit; `head` names the tensor that turns hidden states into
 * logits.
 */
export function referenceLogits(
  architecture: Architecture,
  weights: Weights,
  ids: readonly number[],
  exit: number,
  head = architecture.tiedHead ? 'model.embed_tokens.weight' : 'lm_head.weight',
): Vector {
  const last = referenceHidden(architecture, weights, ids, exit).at(-1)!;
  return multiply(weights, head, normalise(architecture, weights, 'model.norm.weight', last));
}

/** Ids that greedy decoding adds to `ids`, computing everything anew for each. */
export function referenceGreedy(
  architecture: Architecture,
  weights: Weights,
  ids: readonly number[],
  exit: number,
  count: number,
  head?: string,
): number[] {
  const all = [...ids];
  for (let index = 0; index < count; index++) {
    const logits = referenceLogits(architecture, weights, all, exit, head);
    all.push(logits.indexOf(Math.max(...logits)));
  }
  return all.slice(ids.length);
}

function runLayer(
  architecture: Architecture,
  weights: Weights,
  layer: number,
  hidden: readonly Vector[],
): Vector[] {
  const name = (suffix: string) => `model.layers.${layer}.${suffix}.weight`;
  const normed = hidden.map((x) => normalise(architecture, weights, name('input_layernorm'), x));
  const attention = attend(architecture, weights, layer, normed);
  return hidden.map((x, t) => {
    const middle = add(x, attention[t]!);
    const input = normalise(architecture, weights, name('post_attention_layernorm'), middle);
    const gate = project(weights, name('mlp.gate_proj'), input);
    const up = project(weights, name('mlp.up_proj'), input);
    const product = gate.map((g, i) => activate(architecture, g) * up[i]!);
    return add(middle, project(weights, name('mlp.down_proj'), product));
  });
}

function attend(architecture: Architecture, weights: Weights, layer: number, x: readonly Vector[]): Vector[] {
  const { heads, kvHeads, headDim, attentionWindow } = architecture;
  const isSliding = attentionWindow?.layers.includes(layer);
  const name = (part: string) => `model.layers.${layer}.self_attn.${part}_proj.weight`;
  const all = (part: string) => x.map((row) => project(weights, name(part), row));
  const head = (row: Vector, index: number) => row.slice(index * headDim, (index + 1) * headDim);
  const turn = (part: 'q' | 'k', vector: Vector, position: number) => {
    const norm = `model.layers.${layer}.self_attn.${part}_norm.weight`;
    const normed = architecture.headNorms ? normalise(architecture, weights, norm, vector) : vector;
    return rotate(architecture, normed, position);
  };
  const [queries, keys, values] = [all('q'), all('k'), all('v')];
  const mixed = x.map((_, t) =>
    Array.from({ length: heads }, (_, h) => {
      const shared = Math.floor(h / (heads / kvHeads));
      const query = turn('q', head(queries[t]!, h), t);
      const seen = isSliding ? Math.max(0, t - attentionWindow!.tokens + 1) : 0;
      const scores = keys
        .slice(0, t + 1)
        .map((key, s) =>
          s < seen
            ? Number.NEGATIVE_INFINITY
            : dot(query, turn('k', head(key, shared), s)) / Math.sqrt(headDim),
        );
      const shares = softmax(scores);
      return shares
        .map((share, s) => head(values[s]!, shared).map((value) => value * share))
        .reduce((sum, value) => add(sum, value));
    }).flat(),
  );
  return mixed.map((row) => project(weights, name('o'), row));
}

/** Element i turns with element i + headDim / 2. */
function rotate({ headDim, ropeTheta }: Architecture, x: Vector, position: number): Vector {
  const half = headDim / 2;
  return x.map((value, index) => {
    const i = index % half;
    const angle = position / ropeTheta ** ((2 * i) / headDim);
    const partner = index < half ? -x[i + half]! : x[i]!;
    return value * Math.cos(angle) + partner * Math.sin(angle);
  });
}

function normalise(architecture: Architecture, weights: Weights, name: string, x: Vector): Vector {
  const scale = 1 / Math.sqrt(dot(x, x) / x.length + architecture.rmsNormEps);
  const offset = architecture.norm === 'rms-plus-one' ? 1 : 0;
  return x.map((value, index) => value * scale * (offset + weights.get(name)!.values[index]!));
}

function activate({ activation }: Architecture, x: number): number {
  if (activation === 'silu') return x / (1 + Math.exp(-x));
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/** A projection with the bias that the checkpoint has beside its weight, if it has one. */
function project(weights: Weights, name: string, x: Vector): Vector {
  const product = multiply(weights, name, x);
  const bias = weights.get(name.replace(/weight$/, 'bias'));
  return bias ? product.map((value, index) => value + bias.values[index]!) : product;
}

/** Matrix [out, in] times vector [in]. */
function multiply(weights: Weights, name: string, x: Vector): Vector {
  const { shape, values } = weights.get(name)!;
  const width = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < width; column++) sum += values[row * width + column]! * x[column]!;
    return sum;
  });
}

function softmax(scores: Vector): Vector {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power);
  return powers.map((power) => power / total);
}

const add = (a: Vector, b: Vector) => a.map((value, index) => value + b[index]!);
const dot = (a: Vector, b: Vector) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
