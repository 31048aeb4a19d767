/** JSON files of a checkpoint that are JSON, of something else. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesOf, editJson, type HostileCase } from './hostile-case.ts';

const NOT_A_COUNT = [0, -1, 1.5, '4', null, [4], {}, true, 2 ** 53, 1e15, 1e308];
const NOT_A_NUMBER = [0, -1, '1', [1], {}, true];

/** Values of config.json that no LLaMA has, or not this one. */
export function wrongConfigs(): HostileCase[] {
  const counts = [
    'num_hidden_layers',
    'hidden_size',
    'num_attention_heads',
    'num_key_value_heads',
    'head_dim',
    'intermediate_size',
    'vocab_size',
    'max_position_embeddings',
  ];
  const values: Record<string, readonly unknown[]> = {
    ...Object.fromEntries(counts.map((key) => [key, NOT_A_COUNT])),
    // Null stands for the default there: as many as query heads, and the heads' share of the width.
    head_dim: [...NOT_A_COUNT.filter((value) => value !== null), 3, 7],
    num_key_value_heads: [...NOT_A_COUNT, 3],
    rope_parameters: [
      'default',
      [],
      { rope_theta: 0 },
      { rope_theta: '10000' },
      { rope_type: 'yarn', factor: 0 },
      { rope_type: '__proto__' },
      { rope_type: 7 },
      { rope_type: 'linear' },
      { rope_type: 'linear', factor: 0 },
      { rope_type: 'linear', factor: -2 },
      { rope_type: 'linear', factor: 1e308 },
      { rope_type: 'dynamic', factor: '2' },
      { rope_type: 'llama3', factor: 8 },
      { rope_type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 1 },
      { partial_rotary_factor: 0.5 },
    ],
    rms_norm_eps: [...NOT_A_NUMBER, null],
    tie_word_embeddings: ['no', 1, null],
    model_type: ['gpt2', '', null, 4, ['llama']],
    hidden_act: ['gelu', null, 1],
    eos_token_id: ['2', 1.5, {}, ['</s>'], [[1]]],
  };
  return Object.entries(values).flatMap(([key, wrong]) =>
    wrong.map((value) => ({
      name: `config.json: ${key} ${JSON.stringify(value)}`,
      change: (folder: string) => editJson(folder, 'config.json', (config) => ({ ...config, [key]: value })),
    })),
  );
}

export function wrongExits(): HostileCase[] {
  const values: Record<string, unknown> = {
    'no exits': { kind: 'soft', exits: [] },
    'no kind': { exits: [1, 2] },
    'another kind': { kind: 'sorted', exits: [1, 2] },
    'an unknown key': { kind: 'soft', exits: [1, 2], heads: 2 },
    'exit 0': { kind: 'soft', exits: [0, 2] },
    'a negative exit': { kind: 'soft', exits: [-1, 2] },
    'half an exit': { kind: 'soft', exits: [0.5, 2] },
    'a text as an exit': { kind: 'soft', exits: ['1', 2] },
    'an exit twice': { kind: 'soft', exits: [2, 2] },
    'falling exits': { kind: 'soft', exits: [2, 1] },
    'an exit beyond the last layer': { kind: 'soft', exits: [1, 3] },
    'exits in a list of lists': { kind: 'soft', exits: [[1], 2] },
    'an exit of 2^53': { kind: 'soft', exits: [1, 2 ** 53] },
    'exits as an object': { kind: 'soft', exits: { 0: 1, 1: 2 } },
    '100,000 texts as exits': { kind: 'soft', exits: Array(100_000).fill('x') },
    'early-exit without heads': { kind: 'early-exit', exits: [1, 2] },
  };
  return casesOf('exits.json', values, (folder, value) => editJson(folder, 'exits.json', () => value));
}

/** JSON that is fine, of something that is no tokenizer. */
export function wrongTokenizers(): HostileCase[] {
  const set = (key: string, value: unknown) => (json: object) => ({ ...json, [key]: value });
  const model = (change: object) => (json: Record<string, unknown>) => ({
    ...json,
    model: { ...(json['model'] as object), ...change },
  });
  const changes: Record<string, (json: Record<string, unknown>) => unknown> = {
    'an empty object': () => ({}),
    'a config': () => ({ model_type: 'llama', hidden_size: 64 }),
    'no model': set('model', undefined),
    'a model that is null': set('model', null),
    'a model that is a text': set('model', 'BPE'),
    'an unknown model': model({ type: 'Sorted' }),
    'a vocabulary that is a number': model({ vocab: 7 }),
    'ids that are texts': model({ vocab: { a: 'x', b: 'y' } }),
    'merges that are a text': model({ merges: 'a b' }),
    'merges that are numbers': model({ merges: [1, 2] }),
    'an unknown pre-tokenizer': set('pre_tokenizer', { type: 'Sorted' }),
    'a broken expression': set('pre_tokenizer', {
      type: 'Split',
      pattern: { Regex: '(' },
      behavior: 'Isolated',
      invert: false,
    }),
    'an unknown normalizer': set('normalizer', { type: 'Sorted' }),
    'an unknown decoder': set('decoder', { type: 'Sorted' }),
    'added tokens that are a number': set('added_tokens', 7),
  };
  return casesOf('tokenizer.json', changes, (folder, change) => editJson(folder, 'tokenizer.json', change));
}

export function wrongGenerationConfigs(): HostileCase[] {
  const ends: Record<string, unknown> = {
    text: '</s>',
    fraction: 1.5,
    object: {},
    texts: ['</s>'],
    'list in a list': [[1]],
  };
  return casesOf('generation_config.json: an end that is a', ends, (folder, eos_token_id) =>
    writeFileSync(join(folder, 'generation_config.json'), JSON.stringify({ eos_token_id })),
  );
}
