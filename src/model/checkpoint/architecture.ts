import { z } from 'zod';
import { ACTIVATIONS, NORMS, PROJECTIONS, type Projection } from '../networks/network-family.ts';
import { ropeScalingSchema } from './config/rope-scaling.ts';

/** Tokens; the rotary tables of this many take gigabytes, so more is a mistake or worse. */
export const MAX_CONTEXT = 4_194_304;

/** What a model.json without these fields means. Content keys leave them out at these values. */
export const DEFAULT_TRAITS = {
  norm: 'rms',
  activation: 'silu',
  embeddingScale: 1,
  attentionWindow: null,
  headNorms: false,
} as const;

const count = z.int().positive();

/** These layers, counted from 0, attend to a token itself and the `tokens` − 1 before it alone. */
const attentionWindowSchema = z.strictObject({ tokens: count, layers: z.array(z.int().nonnegative()) });
export type AttentionWindow = z.output<typeof attentionWindowSchema>;

const fields = z.strictObject({
  layers: count,
  /** D */
  hiddenSize: count,
  /** H: query heads */
  heads: count,
  /** kvH: key and value heads; H / kvH query heads share one */
  kvHeads: count,
  /** hd; even, since the rotary embedding turns pairs */
  headDim: count.multipleOf(2),
  intermediateSize: count,
  /** V */
  vocabSize: count,
  rmsNormEps: z.number().positive(),
  ropeTheta: z.number().positive(),
  ropeScaling: ropeScalingSchema.nullable(),
  /** Tokens of prompt and response that the network is made for. */
  contextLength: count.max(MAX_CONTEXT),
  /** The head's weight is the embedding's. */
  tiedHead: z.boolean(),
  /** Which projections add a bias. */
  biases: z.record(z.enum(PROJECTIONS), z.boolean()),
  norm: z.enum(NORMS).default(DEFAULT_TRAITS.norm),
  activation: z.enum(ACTIVATIONS).default(DEFAULT_TRAITS.activation),
  /** Factor of the token embeddings. */
  embeddingScale: z.number().positive().default(DEFAULT_TRAITS.embeddingScale),
  /** Where it is shorter than the context. */
  attentionWindow: attentionWindowSchema.nullable().default(DEFAULT_TRAITS.attentionWindow),
  /** Norms of queries and keys over each head, [hd] each. */
  headNorms: z.boolean().default(DEFAULT_TRAITS.headNorms),
});

/** Shape of a network, as the graphs and the engine need it; a part of model.json. */
export type Architecture = Readonly<z.output<typeof fields>>;

export const architectureSchema = z.preprocess(withBiases, fields);

/** Earlier versions wrote one flag for the four projections of attention and one for the three of the MLP. */
function withBiases(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'biases' in value) return value;
  const { attentionBias, mlpBias, ...rest } = value as Record<string, unknown>;
  return { ...rest, biases: biasesOf(attentionBias, mlpBias) };
}

/** One flag for each projection, from one for attention and one for the MLP. */
export function biasesOf<T>(attention: T, mlp: T): Record<Projection, T> {
  return { q: attention, k: attention, v: attention, o: attention, gate: mlp, up: mlp, down: mlp };
}
