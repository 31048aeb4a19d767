/** The linear layers of a decoder layer, by transformers' names: `q` stands for the tensor `q_proj`. */
export const PROJECTIONS = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** `rms`: x / rms(x) · w. `rms-plus-one`: x / rms(x) · (1 + w), as Gemma stores its weights. */
export const NORMS = ['rms', 'rms-plus-one'] as const;
type Norm = (typeof NORMS)[number];

/** What the MLP applies to its gate. `gelu-tanh` is PyTorch's `gelu(approximate="tanh")`. */
export const ACTIVATIONS = ['silu', 'gelu-tanh'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** A bias is always there, never there, or there where this key of config.json is true. */
export type BiasFlag = boolean | 'attention_bias' | 'mlp_bias';

/**
 * Which layers attend to the last `sliding_window` tokens alone: none, all of them, or those from
 * `max_window_layers` on (or those that `layer_types` names) where `use_sliding_window` is true.
 */
export type WindowRule = 'none' | 'all-layers' | 'upper-layers';

/**
 * Everything in which one network differs from another: a decoder of rotary grouped-query attention and a
 * gated MLP, each behind a norm, in the tensors of transformers' `LlamaForCausalLM`. Any other decoder needs
 * graphs of its own.
 */
export interface NetworkFamily {
  /** For messages. */
  readonly name: string;
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** `architectures` of config.json, compared without regard to case. */
  readonly architectures: readonly string[];
  /** Values that transformers' configuration class gives to absent keys, where LlamaConfig gives others. */
  readonly defaults: Readonly<Record<string, number | string>>;
  readonly biases: Readonly<Record<Projection, BiasFlag>>;
  readonly norm: Norm;
  readonly activation: Activation;
  /** Factor of the token embeddings. `sqrt-hidden-size` is √D. */
  readonly embeddingScale: 1 | 'sqrt-hidden-size';
  readonly window: WindowRule;
  /** Queries and keys go through a norm of their own, head by head, before they are rotated. */
  readonly headNorms: boolean;
}

export const NO_BIASES: Readonly<Record<Projection, false>> = {
  q: false,
  k: false,
  v: false,
  o: false,
  gate: false,
  up: false,
  down: false,
};
