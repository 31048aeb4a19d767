/** adapter_config.json and tensors of LoRA adapters that no training run saves, or not with this base. */
import { readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safetensorsBytes } from '../support/safetensors-file.ts';
import { casesOf, editJson, type HostileCase, readParts } from './hostile-case.ts';

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';
const PREFIX = 'base_model.model.model.layers.0.self_attn.q_proj';

/** Values of adapter_config.json of the wrong type, size or meaning. */
export function wrongSettings(): HostileCase[] {
  const counts = [0, -4, 1.5, '4', null, [4], {}, true, 2 ** 53, 1e308, 3];
  const factors = [0, -8, '8', null, [8], {}, true, 1e308];
  const texts = [1, {}, [1], true];
  const values: Record<string, readonly unknown[]> = {
    peft_type: ['ADALORA', 'IA3', 'lora', '', null, 1, ['LORA'], '__proto__'],
    r: counts,
    lora_alpha: factors,
    use_rslora: ['yes', 1, []],
    use_dora: ['yes', 1, true],
    lora_bias: ['yes', true],
    bias: ['some', 1, true, []],
    fan_in_fan_out: ['yes', 2],
    target_modules: texts.filter((value) => value !== true),
    modules_to_save: [['lm_head'], 'lm_head', [1], { 0: 'lm_head' }],
    rank_pattern: [{ q_proj: 3 }, { q_proj: 0 }, { q_proj: '4' }, [4], 'q_proj', { q_proj: -1 }],
    alpha_pattern: [{ q_proj: 0 }, { q_proj: -1 }, { q_proj: '8' }, [8], { q_proj: null }],
    init_lora_weights: ['pissa', 'pissa_niter_4', 'olora', 'corda', 'loftq', 'lora_ga', 'unknown', 3],
    layer_replication: [[[0, 4]], [[0, 2]]],
    use_qalora: [true],
    alora_invocation_tokens: [[1, 2]],
    trainable_token_indices: [[1], { embed_tokens: [1] }],
    target_parameters: [['mlp.experts']],
    use_bdlora: [{ nblocks: 2 }],
    velora_config: [{ num_groups: 2 }],
    a_method_of_next_year: [true, 'x', 1, { on: true }],
  };
  return Object.entries(values).flatMap(([key, wrong]) =>
    casesOf(
      `${CONFIG}: ${key}`,
      Object.fromEntries(wrong.map((value) => [JSON.stringify(value), value])),
      (folder, value) => editJson(folder, CONFIG, (json) => ({ ...json, [key]: value })),
      { said: /adapter_(?:config\.json|model)/ },
    ),
  );
}

/** Keys of `rank_pattern` and `alpha_pattern` are regular expressions, which could run for ever. */
export function wrongPatterns(): HostileCase[] {
  const patterns = [
    '(a+)+$',
    '(.*)*x',
    '(\\w+\\.?)+!',
    '.?'.repeat(40),
    '(',
    '[',
    '(?=q)',
    '(?P<x>q)',
    '(q)\\1',
    '.*.*.*.*.*x',
    'q'.repeat(300),
  ];
  return casesOf(
    'a pattern that is',
    Object.fromEntries(patterns.map((it) => [it.slice(0, 40), it])),
    (folder, pattern) => editJson(folder, CONFIG, (json) => ({ ...json, alpha_pattern: { [pattern]: 4 } })),
  );
}

export function wrongTexts(): HostileCase[] {
  const texts: Record<string, string> = {
    nothing: '',
    'a list': '[]',
    'a number': '8',
    null: 'null',
    'no object': '"LORA"',
    'half an object': '{"peft_type": "LORA"',
    'a key twice': '{"peft_type": "LORA", "r": 8, "r": 4}',
    'a deep list': `${'['.repeat(100_000)}`,
    'an empty object': '{}',
    'two megabytes': `{"peft_type": "LORA", "x": "${'x'.repeat(2_000_000)}"}`,
  };
  return casesOf(`${CONFIG} that holds`, texts, (folder, text) => writeFileSync(join(folder, CONFIG), text));
}

/** Tensors under other names, of other shapes and dtypes, missing or too many. */
export function wrongTensors(): HostileCase[] {
  const a = `${PREFIX}.lora_A.weight`;
  const b = `${PREFIX}.lora_B.weight`;
  const renamed: Record<string, readonly [from: string, to: string]> = {
    'a lora_A without its lora_B': [b, 'base_model.model.model.layers.0.self_attn.k_proj.bias'],
    'a layer that the base lacks': [a, a.replace('layers.0', 'layers.9')],
    'a module that the base lacks': [a, a.replace('q_proj', 'qkv_proj')],
    'a part that nobody knows': [a, `${PREFIX}.lora_C.weight`],
    'a bias that the base does not add': [a, `${PREFIX}.bias`],
    'a bias of lora_A': [a, `${PREFIX}.lora_A.bias`],
    'a magnitude without DoRA': [a, `${PREFIX}.lora_magnitude_vector`],
    'an embedding’s part of a projection': [a, `${PREFIX}.lora_embedding_A`],
    'a LoRA of a norm': [a, 'base_model.model.model.norm.lora_A.weight'],
    'a part twice': [a, `${PREFIX}.lora_A.default.weight`],
    'a copy that was not trained': [a, `${PREFIX}.original_module.weight`],
    'trained tokens': [a, 'base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta'],
    'prompt embeddings': [a, 'prompt_embeddings'],
    'a name of the language': [a, '__proto__'],
    'no name': [a, ''],
    'another network': [a, 'score.weight'],
  };
  const both = casesOf('tensors with', renamed, (folder, [from, to]) =>
    editHeader(folder, (header) =>
      Object.fromEntries(entriesOf(header).map(([key, value]) => [key === from ? to : key, value])),
    ),
  );
  // Two names of one part need both of them.
  const kept = both.filter(({ name }) => !name.endsWith('a part twice'));
  return [...kept, ...shapesOf(a), ...shapesOf(b), ...emptyFiles()];
}

function shapesOf(name: string): HostileCase[] {
  const last = name.includes('lora_A') ? [4, 32] : [32, 4];
  const shapes: Record<string, readonly number[]> = {
    turned: [last[1]!, last[0]!],
    flat: [128],
    deep: [1, last[0]!, last[1]!],
    'of half the rank': [2, 64],
  };
  return [
    ...casesOf(`${name} that is`, shapes, (folder, shape) =>
      editHeader(folder, (header) => ({ ...header, [name]: { ...header[name]!, shape } })),
    ),
    ...casesOf(`${name} in`, { I32: 'I32', F8_E4M3: 'F8_E4M3', U8: 'U8', F64: 'F64' }, (folder, dtype) =>
      editHeader(folder, (header) => ({ ...header, [name]: { ...header[name]!, dtype } })),
    ),
  ];
}

function emptyFiles(): HostileCase[] {
  const changes: Record<string, (path: string) => void> = {
    'no tensors': (path) => writeFileSync(path, safetensorsBytes('{}')),
    'no bytes': (path) => truncateSync(path, 0),
    'half of them': (path) => truncateSync(path, 5000),
    'all but the last byte': (path) => truncateSync(path, readFileSync(path).length - 1),
    'a NaN among its numbers': (path) => {
      const { header, data } = readParts(path);
      data.writeFloatLE(Number.NaN, 400);
      writeFileSync(path, safetensorsBytes(header, data));
    },
    'an infinity among its numbers': (path) => {
      const { header, data } = readParts(path);
      data.writeFloatLE(Number.POSITIVE_INFINITY, 800);
      writeFileSync(path, safetensorsBytes(header, data));
    },
    'the name of .bin': (path) => renameSync(path, path.replace('.safetensors', '.bin')),
    'a place that is a link to nowhere': (path) => {
      rmSync(path);
      symlinkSync('/nowhere/weights', path);
    },
    'no place': (path) => rmSync(path),
  };
  return casesOf('weights with', changes, (folder, change) => change(join(folder, WEIGHTS)));
}

type Header = Record<string, { dtype: string; shape: readonly number[]; data_offsets: number[] }>;

const entriesOf = (header: Header) => Object.entries(header);

function editHeader(folder: string, change: (header: Header) => object): void {
  const path = join(folder, WEIGHTS);
  const { header, data } = readParts(path);
  writeFileSync(path, safetensorsBytes(JSON.stringify(change(JSON.parse(header))), data));
}
