import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../../core/errors.ts';
import { snapshotFix } from '../hub-cache.ts';
import { readModelJson } from '../model-json.ts';
import { isPlainFileName, isThere } from '../regular-file.ts';

/** In the order in which transformers looks for them (modeling_utils.py: `_get_resolved_checkpoint_files`). */
const CANDIDATES = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
] as const;
const INDEX = '.index.json';
const SHARD = /^(model|pytorch_model)-\d+-of-\d+\.(safetensors|bin)$/;

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.unknown()) });

/** The weights of a checkpoint. */
interface ChosenWeights {
  /** Paths of the files. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The files that hold a checkpoint's weights, the same ones that transformers would read.
 * @throws InputError `not-found` or `bad-checkpoint`
 */
export function chooseWeights(folder: string): ChosenWeights {
  const [chosen, ...others] = CANDIDATES.filter((name) => isThere(join(folder, name)));
  if (chosen === undefined) throw withoutWeights(folder);
  const files = chosen.endsWith(INDEX) ? shardsOf(folder, chosen) : [join(folder, chosen)];
  if (others.length === 0) return { files, notes: [] };
  const note = `${chosen} is read, as transformers does; ${others.join(' and ')} beside it is not`;
  return { files, notes: [note] };
}

function shardsOf(folder: string, indexName: string): string[] {
  const indexPath = join(folder, indexName);
  const index = readModelJson(indexPath, indexSchema, { fix: 'Download the index again.' });
  const ending = indexName.slice(indexName.indexOf('.'), -INDEX.length);
  const names = Object.values(index.weight_map).map((name) => shardName(name, ending, indexPath));
  const shards = [...new Set(names)].sort();
  requireShards(folder, shards, indexName);
  return shards.map((name) => join(folder, name));
}

/** Anyone may have written the index: a shard's name must not lead out of the folder. */
function shardName(name: unknown, ending: string, indexPath: string): string {
  if (isPlainFileName(name) && name.endsWith(ending)) return name;
  throw new InputError({
    code: 'bad-checkpoint',
    where: `${indexPath}: weight_map`,
    expected: `the name of a ${ending} file in the same folder`,
    found: JSON.stringify(name),
    fix: 'Download the index again.',
  });
}

function requireShards(folder: string, shards: readonly string[], indexName: string): void {
  const missing = shards.filter((name) => !isThere(join(folder, name)));
  if (missing.length === 0) return;
  const fix =
    missing.length === shards.length
      ? `Download the shards, or remove ${indexName} if it is left over from other weights.`
      : 'Download this shard, or the index again if it belongs to other shards.';
  throw new InputError({
    code: 'not-found',
    where: join(folder, missing[0]!),
    expected: `each shard that ${indexName} names`,
    found: `no such file; ${missing.length} of its ${shards.length} shards are missing`,
    fix: snapshotFix(folder) ?? fix,
  });
}

function withoutWeights(folder: string): InputError {
  const shards = shardsIn(folder);
  if (shards.length === 0) {
    return new InputError({
      code: 'not-found',
      where: join(folder, CANDIDATES[0]),
      expected: `weights: ${CANDIDATES.join(', ')}`,
      found: 'no such file',
      fix: snapshotFix(folder) ?? 'Download the weights, or give the folder that holds them.',
    });
  }
  const index = shards[0]!.replace(SHARD, `$1.$2${INDEX}`);
  return new InputError({
    code: 'not-found',
    where: join(folder, index),
    expected: 'an index of the shards beside them',
    found: `${shards.length} shards (${shards[0]}, …) and no index`,
    fix: snapshotFix(folder) ?? `Download ${index} too.`,
  });
}

function shardsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => SHARD.test(name))
      .sort();
  } catch {
    return [];
  }
}
