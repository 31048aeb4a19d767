import type { NamedPlace } from './exit-tensors.ts';

/** One safetensors file to write. */
export interface Shard {
  readonly file: string;
  readonly tensors: readonly NamedPlace[];
}

/** Room in the header for a name, a shape and two offsets. */
const MAX_ENTRY_BYTES = 256;

/**
 * Shares tensors between files of at most `maxBytes` each, in order; a larger tensor gets a file of its own. Names are
 * those of transformers: `model.safetensors`, or `model-00001-of-00002.safetensors` and so on.
 */
export function planShards(tensors: readonly NamedPlace[], maxBytes: number): Shard[] {
  const parts: NamedPlace[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    const bytes = tensor[1].bytes + MAX_ENTRY_BYTES;
    if (parts.length === 0 || bytes > room) {
      parts.push([]);
      room = maxBytes - MAX_ENTRY_BYTES;
    }
    parts.at(-1)!.push(tensor);
    room -= bytes;
  }
  return parts.map((part, index) => ({ file: fileName(index + 1, parts.length), tensors: part }));
}

function fileName(shard: number, shards: number): string {
  const digits = (count: number) => String(count).padStart(5, '0');
  return shards === 1 ? 'model.safetensors' : `model-${digits(shard)}-of-${digits(shards)}.safetensors`;
}

/** What model.safetensors.index.json holds; a single file needs none. */
export function shardIndex(shards: readonly Shard[]): object {
  const entries = shards.flatMap(({ file, tensors }) => tensors.map(([name]) => [name, file]));
  return { metadata: { total_size: bytesOfShards(shards) }, weight_map: Object.fromEntries(entries) };
}

export function bytesOfShards(shards: readonly Shard[]): number {
  return shards.flatMap(({ tensors }) => tensors).reduce((sum, [, { bytes }]) => sum + bytes, 0);
}
