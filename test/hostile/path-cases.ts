/** Names in the files of a checkpoint that lead elsewhere. */
import { join } from 'node:path';
import { casesOf, editJson, type HostileCase } from './hostile-case.ts';

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
