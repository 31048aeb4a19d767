import { InputError } from '../../../core/errors.ts';
import { checkSchema } from '../../../data/json-file.ts';
import { familyOf } from '../../networks/family-of.ts';
import type { BiasFlag, NetworkFamily, Projection } from '../../networks/network-family.ts';
import { type Architecture, MAX_CONTEXT } from '../architecture.ts';
import { readWindow } from './attention-window.ts';
import { configSchema, type HuggingFaceConfig, identitySchema } from './huggingface-config.ts';
import { refuseUnsupported } from './refuse-config.ts';
import { readRope } from './rope-scaling.ts';

/** @throws InputError `unsupported-model` for another network, `bad-checkpoint` */
export function checkConfig(value: unknown, path: string): HuggingFaceConfig {
  const place = { path, fix: 'Give a Hugging Face checkpoint.', code: 'bad-checkpoint' } as const;
  const identity = checkSchema(value, identitySchema, place);
  const { defaults } = familyOf(identity, path);
  return checkSchema({ ...defaults, ...identity }, configSchema, place);
}

/**
 * Reads the network's shape from a checked config.json and refuses by its key what the graphs cannot express.
 * @throws InputError `unsupported-model` or `bad-checkpoint`
 */
export function architectureOf(config: HuggingFaceConfig, path: string): Architecture {
  const family = familyOf(config, path);
  const rope = readRope(config, path);
  if (rope.contextLength > MAX_CONTEXT) {
    const expected = `a context of at most ${MAX_CONTEXT} tokens, after scaling`;
    throw broken(`${path}: max_position_embeddings`, expected, rope.contextLength);
  }
  refuseUnsupported(family, config, path);
  return {
    layers: config.num_hidden_layers,
    hiddenSize: config.hidden_size,
    ...headsOf(config, path),
    intermediateSize: config.intermediate_size,
    vocabSize: config.vocab_size,
    rmsNormEps: config.rms_norm_eps,
    ...rope,
    tiedHead: config.tie_word_embeddings,
    ...traitsOf(family, config),
    attentionWindow: readWindow(family.window, config, rope.contextLength, path),
  };
}

function headsOf(
  config: HuggingFaceConfig,
  path: string,
): Pick<Architecture, 'heads' | 'kvHeads' | 'headDim'> {
  const heads = config.num_attention_heads;
  const kvHeads = config.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) {
    throw broken(`${path}: num_key_value_heads`, `a divisor of ${heads}`, kvHeads);
  }
  const headDim = config.head_dim ?? config.hidden_size / heads;
  // The rotary embedding turns pairs.
  if (headDim % 2 !== 0) {
    const expected = 'an even number, or hidden_size to be an even multiple of num_attention_heads';
    throw broken(`${path}: head_dim`, expected, headDim);
  }
  return { heads, kvHeads, headDim };
}

function broken(where: string, expected: string, found: number): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where,
    expected,
    found: `${found}`,
    fix: 'Repair config.json.',
  });
}

function traitsOf(
  { biases, norm, activation, embeddingScale, headNorms }: NetworkFamily,
  config: HuggingFaceConfig,
): Pick<Architecture, 'biases' | 'norm' | 'activation' | 'embeddingScale' | 'headNorms'> {
  const isThere = (flag: BiasFlag) => (typeof flag === 'boolean' ? flag : config[flag] === true);
  const flags = Object.entries(biases).map(([projection, flag]) => [projection, isThere(flag)]);
  return {
    biases: Object.fromEntries(flags) as Record<Projection, boolean>,
    norm,
    activation,
    embeddingScale: embeddingScale === 1 ? 1 : Math.sqrt(config.hidden_size),
    headNorms,
  };
}
