import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Architecture, biasesOf, DEFAULT_TRAITS } from '../../src/model/checkpoint/architecture.ts';
import { expectedTensors, trainedExitHeads } from '../../src/model/checkpoint/tensor-names.ts';
import { llama } from '../../src/model/networks/llama.ts';
import type { NetworkFamily, Projection } from '../../src/model/networks/network-family.ts';
import { type Random, seededRandom } from './random.ts';
import { type Dtype, type NamedTensor, writeSafetensors } from './safetensors-file.ts';
import { BOS, EOS, TOKENIZER_VOCABULARY, writeTokenizer } from './tokenizer-files.ts';
import { writeTorchFile } from './torch-file.ts';

/** Numbers of the shape and the window; biases, norms and activation are the family's. */
type ShapeOptions = Partial<
  Omit<Architecture, 'biases' | Exclude<keyof typeof DEFAULT_TRAITS, 'attentionWindow'>>
>;

export interface CheckpointOptions extends ShapeOptions {
  /** LLaMA by default. */
  readonly family?: NetworkFamily;
  /** Keys of config.json that some families turn into biases. */
  readonly attentionBias?: boolean;
  readonly mlpBias?: boolean;
  readonly seed?: number;
  readonly dtype?: Dtype;
  readonly shards?: number;
  /** `torch`: `pytorch_model.bin`, as `torch.save` writes it. */
  readonly format?: 'safetensors' | 'torch';
  /** Which major version of transformers wrote config.json. */
  readonly configStyle?: 4 | 5;
  readonly kind?: 'sft' | 'soft' | 'early-exit';
  /** exits.json is written only where exits are given. */
  readonly exits?: readonly number[];
  /**
   * Early-exit: the checkpoint that holds the layers and the last head; the same options must describe it.
   */
  readonly base?: string;
  /** Bytes by which the tensors miss their alignment. */
  readonly shift?: number;
  /** Keys of config.json to add or to replace; undefined takes one away. */
  readonly config?: Record<string, unknown>;
}

export interface RandomCheckpoint {
  readonly folder: string;
  readonly architecture: Architecture;
  /** Every tensor by name, row-major; early-exit: its own heads alone. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
}

const DEFAULT_ARCHITECTURE: Architecture = {
  layers: 4,
  hiddenSize: 32,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  intermediateSize: 40,
  vocabSize: TOKENIZER_VOCABULARY,
  rmsNormEps: 1e-5,
  ropeTheta: 10_000,
  ropeScaling: null,
  contextLength: 128,
  tiedHead: false,
  biases: biasesOf(false, false),
  ...DEFAULT_TRAITS,
};

/**
 * Writes a small LLaMA checkpoint with random weights, as transformers saves one. The numbers depend on the
 * seed and the shape alone, and bfloat16 and float16 hold them exactly, so every dtype makes the same
 * network.
 */
export function writeRandomCheckpoint(folder: string, options: CheckpointOptions = {}): RandomCheckpoint {
  const architecture = architectureFrom(options);
  mkdirSync(folder, { recursive: true });
  writeTokenizer(folder);
  writeConfig(folder, architecture, options);
  writeExits(folder, options);
  const tensors = randomTensors(architecture, options);
  writeWeights(folder, tensors, options);
  return { folder, architecture, weights: new Map(tensors.map((tensor) => [tensor.name, tensor])) };
}

function architectureFrom(options: CheckpointOptions): Architecture {
  const keys = Object.keys(DEFAULT_ARCHITECTURE) as (keyof ShapeOptions)[];
  const given = keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]));
  const shape: Architecture = { ...DEFAULT_ARCHITECTURE, ...Object.fromEntries(given) };
  const { norm, activation, embeddingScale, headNorms } = options.family ?? llama;
  return {
    ...shape,
    biases: biasesFrom(options),
    norm,
    activation,
    headNorms,
    embeddingScale: embeddingScale === 1 ? 1 : Math.sqrt(shape.hiddenSize),
  };
}

function biasesFrom(options: CheckpointOptions): Record<Projection, boolean> {
  const { family = llama, attentionBias = false, mlpBias = false } = options;
  const config = { attention_bias: attentionBias, mlp_bias: mlpBias };
  const flags = Object.entries(family.biases).map(([projection, flag]) => [
    projection,
    typeof flag === 'boolean' ? flag : config[flag],
  ]);
  return Object.fromEntries(flags);
}

function randomTensors(architecture: Architecture, options: CheckpointOptions): NamedTensor[] {
  const { kind, exits = [], seed = 1 } = options;
  const random = seededRandom(kind === 'early-exit' ? seed + 1000 : seed);
  const names = [
    ...expectedTensors(architecture, trainedExitHeads(kind ?? 'sft', exits, architecture.layers)),
  ];
  return names
    .filter(([name]) => (kind === 'early-exit') === name.startsWith('exit_heads.'))
    .map(([name, shape]) => ({ name, shape, values: randomValues(random, name, shape) }));
}

/**
 * Multiples of 2⁻⁸ with at most 8 significant bits: norms around 1, matrices wide enough to spread the
 * logits.
 */
function randomValues(random: Random, name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (name.includes('norm')) {
    return Float32Array.from({ length: count }, () => (192 + 2 * random.below(64)) / 256);
  }
  const spread = name.includes('embed_tokens') || name.includes('head') ? 100 : 60;
  const whole = () => Math.max(-255, Math.min(255, Math.round(random.normal() * spread)));
  return Float32Array.from({ length: count }, () => whole() / 256);
}

function writeWeights(folder: string, tensors: readonly NamedTensor[], options: CheckpointOptions): void {
  const { kind, shards = 1, dtype = 'F32', shift = 0, format = 'safetensors' } = options;
  const write = (file: string, part: readonly NamedTensor[]) => {
    if (file.endsWith('.bin')) writeTorchFile(join(folder, file), part, dtype);
    else writeSafetensors(join(folder, file), part, dtype, shift);
  };
  const [stem, ending] = format === 'torch' ? ['pytorch_model', 'bin'] : ['model', 'safetensors'];
  if (kind === 'early-exit') write('exit_heads.safetensors', tensors);
  else if (shards === 1) write(`${stem}.${ending}`, tensors);
  else writeShards(folder, tensors, { stem: stem!, ending: ending!, shards }, write);
}

function writeShards(
  folder: string,
  tensors: readonly NamedTensor[],
  { stem, ending, shards }: { readonly stem: string; readonly ending: string; readonly shards: number },
  write: (file: string, part: readonly NamedTensor[]) => void,
): void {
  const nameOf = (shard: number) => `${stem}-0000${shard + 1}-of-0000${shards}.${ending}`;
  const shardOf = (index: number) => Math.floor((index * shards) / tensors.length);
  for (let shard = 0; shard < shards; shard++) {
    write(
      nameOf(shard),
      tensors.filter((_, index) => shardOf(index) === shard),
    );
  }
  const map = tensors.map(({ name }, index) => [name, nameOf(shardOf(index))]);
  const index = { metadata: { total_size: 0 }, weight_map: Object.fromEntries(map) };
  writeFileSync(join(folder, `${stem}.${ending}.index.json`), JSON.stringify(index));
}

/** config.json as transformers writes it. */
export function writeConfig(folder: string, architecture: Architecture, options: CheckpointOptions): void {
  const { configStyle = 5, dtype = 'F32', config = {}, family = llama } = options;
  const torchDtype = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }[dtype];
  const byStyle =
    configStyle === 4
      ? { ...ropeOfVersion4(architecture), torch_dtype: torchDtype }
      : { ...ropeOfVersion5(architecture), dtype: torchDtype };
  const value = {
    architectures: family.architectures,
    model_type: family.modelType,
    num_hidden_layers: architecture.layers,
    hidden_size: architecture.hiddenSize,
    num_attention_heads: architecture.heads,
    num_key_value_heads: architecture.kvHeads,
    head_dim: architecture.headDim,
    intermediate_size: architecture.intermediateSize,
    vocab_size: architecture.vocabSize,
    rms_norm_eps: architecture.rmsNormEps,
    tie_word_embeddings: architecture.tiedHead,
    hidden_act: family.activation === 'silu' ? 'silu' : 'gelu_pytorch_tanh',
    attention_bias: options.attentionBias ?? false,
    mlp_bias: options.mlpBias ?? false,
    ...windowOf(architecture, family),
    bos_token_id: BOS,
    eos_token_id: EOS,
    ...byStyle,
    ...config,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(value, null, 2));
}

/** A window in other layers than Mistral's needs a family that names them. */
function windowOf({ attentionWindow, layers }: Architecture, { window }: NetworkFamily): object {
  if (attentionWindow === null) return {};
  const { tokens: sliding_window, layers: sliding } = attentionWindow;
  if (window === 'all-layers') return { sliding_window };
  const layer_types = Array.from({ length: layers }, (_, layer) =>
    sliding.includes(layer) ? 'sliding_attention' : 'full_attention',
  );
  return { use_sliding_window: true, sliding_window, layer_types };
}

function ropeOfVersion4({ ropeTheta, ropeScaling, contextLength }: Architecture): object {
  const unscaled = { rope_theta: ropeTheta, rope_scaling: null, max_position_embeddings: contextLength };
  if (ropeScaling === null) return unscaled;
  const { type, factor } = ropeScaling;
  if (type === 'linear') {
    return {
      ...unscaled,
      rope_scaling: { type, factor },
      max_position_embeddings: contextLength / factor,
    };
  }
  const { originalLength } = ropeScaling;
  if (type === 'dynamic') {
    return { ...unscaled, rope_scaling: { type, factor }, max_position_embeddings: originalLength };
  }
  if (type === 'yarn') return { ...unscaled, rope_scaling: yarnOf(ropeScaling) };
  const { lowFrequencyFactor: low_freq_factor, highFrequencyFactor: high_freq_factor } = ropeScaling;
  const factors = { factor, low_freq_factor, high_freq_factor };
  return {
    ...unscaled,
    rope_scaling: { rope_type: type, ...factors, original_max_position_embeddings: originalLength },
  };
}

function yarnOf(scaling: Extract<Architecture['ropeScaling'], { type: 'yarn' }>): object {
  return {
    rope_type: scaling.type,
    factor: scaling.factor,
    attention_factor: scaling.attentionFactor,
    beta_fast: scaling.betaFast,
    beta_slow: scaling.betaSlow,
    truncate: scaling.truncate,
    original_max_position_embeddings: scaling.originalLength,
  };
}

function ropeOfVersion5(architecture: Architecture): object {
  const { rope_scaling, rope_theta, ...rest } = ropeOfVersion4(architecture) as Record<string, object | null>;
  const { type, ...scaling } = { type: 'default', ...rope_scaling };
  return { ...rest, rope_parameters: { rope_theta, rope_type: type, ...scaling } };
}

function writeExits(folder: string, { kind = 'sft', exits, base }: CheckpointOptions): void {
  if (!exits) return;
  const value = { kind, exits, ...(base ? { base: relative(folder, base) } : {}) };
  writeFileSync(join(folder, 'exits.json'), JSON.stringify(value));
}
