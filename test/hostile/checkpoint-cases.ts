/** Damage to the JSON files of a checkpoint, and names in them that lead elsewhere. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesOf, type HostileCase } from './hostile-case.ts';

/** Texts that no JSON file of a checkpoint may have; `of` is the intact text. */
const TEXTS: Record<string, (of: string) => string | Buffer> = {
  'an empty file': () => '',
  null: () => 'null',
  'a list': (of) => `[${of}]`,
  'a number': () => '17',
  'a text': (of) => JSON.stringify(of),
  'half of it': (of) => of.slice(0, of.length / 2),
  'it twice': (of) => `${of}${of}`,
  'a comma too much': (of) => of.trimEnd().replace(/}$/, ',}'),
  'a comment': (of) => of.replace('{', '{ // of mine\n'),
  'NaN for a value': (of) => of.replace('{', '{"x": NaN,'),
  'a key twice': (of) => of.replace('{', '{"x": 1, "x": 2,'),
  'a million levels of lists': (of) => of.replace('{', `{"x":${'['.repeat(1e6)}${']'.repeat(1e6)},`),
  'a million levels of objects': () => '{"x":'.repeat(1e6),
  'bytes that are not UTF-8': (of) =>
    Buffer.concat([Buffer.from('{"\xff": 1,', 'latin1'), Buffer.from(of.slice(1))]),
  'UTF-16': (of) => Buffer.from(`\ufeff${of}`, 'utf16le'),
  zeros: () => Buffer.alloc(1000),
  'a zero byte in it': (of) => of.replace('{', '{\0'),
};

/** `files` in other texts, and something else in their place. */
export function wrongTexts(files: readonly string[]): HostileCase[] {
  return files.flatMap((file) => [
    ...casesOf(file, TEXTS, (folder, change) => edit(folder, file, change)),
    {
      name: `${file}: a folder`,
      change: (folder) => {
        rmSync(join(folder, file));
        mkdirSync(join(folder, file));
      },
    },
    ...casesOf(file, { itself: file, nothing: 'nothing', 'a device': '/dev/zero' }, (folder, target) => {
      rmSync(join(folder, file));
      symlinkSync(target, join(folder, file));
    }).map((link) => ({ ...link, name: link.name.replace(': ', ': a link to ') })),
  ]);
}

/** Two megabytes of white space, which no settings need. */
export function longTexts(files: readonly string[]): HostileCase[] {
  return files.map((file) => ({
    name: `${file}: padded to 2 MB`,
    change: (folder) => edit(folder, file, (text) => text + ' '.repeat(2_000_000)),
    said: /expected at most 1000000 bytes/,
  }));
}

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
    'exits that end too early': { kind: 'soft', exits: [1] },
    'an exit of 2^53': { kind: 'soft', exits: [1, 2 ** 53] },
    'exits as an object': { kind: 'soft', exits: { 0: 1, 1: 2 } },
    '100,000 texts as exits': { kind: 'soft', exits: Array(100_000).fill('x') },
    'early-exit without heads': { kind: 'early-exit', exits: [1, 2] },
  };
  return casesOf('exits.json', values, (folder, value) => editJson(folder, 'exits.json', () => value));
}

/** Paths that a base may not have, or that lead to no checkpoint. */
export function wrongBases(outside: string): HostileCase[] {
  const bases: Record<string, unknown> = {
    'an absolute path': outside,
    'the root': '/',
    'no folder': '../nobody',
    'a folder without weights': '..',
    'a file': 'config.json',
    'a path into a file': 'config.json/..',
    'a zero byte': '../intact\0',
    'no path': '',
    'a number': 7,
    'a path of 100,000 letters': 'x'.repeat(100_000),
  };
  return casesOf('base', bases, (folder, base) =>
    editJson(folder, 'exits.json', (exits) => ({ ...exits, base })),
  );
}

/** Names of shards that lead out of the folder, and names that are none. */
export function wrongShards(outside: string): HostileCase[] {
  const names = {
    'a folder up': '../outside/model.safetensors',
    'many folders up': `${'../'.repeat(40)}etc/passwd`,
    'an absolute path': join(outside, 'model.safetensors'),
    'a folder down and up': 'x/../model-00001-of-00002.safetensors',
    'a backslash': '..\\outside\\model.safetensors',
    'a drive': 'C:model.safetensors',
    'an address': 'file:///etc/passwd.safetensors',
    'the folder': '.',
    'the folder above': '..',
    'no name': '',
    'another kind of file': 'config.json',
    'a pickle': 'pytorch_model.bin',
    'a zero byte': 'model-00001-of-00002.safetensors\0',
    'a zero byte before the end': '../outside/model\0.safetensors',
    'a line break': 'model\n.safetensors',
    'a name of 100,000 letters': `${'x'.repeat(100_000)}.safetensors`,
    'a file that is not there': 'model-00009-of-00002.safetensors',
    'another case': 'MODEL-00001-OF-00002.SAFETENSORS',
    'a number': 7,
    null: null,
    'a list': ['model-00001-of-00002.safetensors'],
    'an object': { file: 'model-00001-of-00002.safetensors' },
  };
  const file = 'model.safetensors.index.json';
  const maps: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    'a list': [],
    'a text': 'x',
    'no tensor': {},
  };
  return [
    ...casesOf('shard', names, (folder, name) =>
      editJson(folder, file, ({ weight_map }) => ({
        weight_map: { ...(weight_map as object), 'model.norm.weight': name },
      })),
    ),
    ...casesOf('weight_map', maps, (folder, weight_map) => editJson(folder, file, () => ({ weight_map }))),
  ];
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

function editJson(folder: string, file: string, change: (json: Record<string, unknown>) => unknown): void {
  edit(folder, file, (text) => JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)));
}

function edit(folder: string, file: string, change: (text: string) => string | Buffer): void {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
