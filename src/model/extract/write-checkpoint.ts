import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configAt } from './exit-config.ts';
import { hasTiedHead } from './exit-tensors.ts';
import type { ExtractSource } from './extract-source.ts';
import type { PlannedCheckpoint } from './plan-extraction.ts';
import { type Shard, shardIndex } from './plan-shards.ts';
import { copyTextFiles } from './text-files.ts';
import { writeShard } from './write-shard.ts';

/**
 * Writes one checkpoint and yields the bytes of each piece of its weights.
 * @returns what is to be said about its files
 */
export function* writeCheckpoint(
  source: ExtractSource,
  { exit, subfolder, shards }: PlannedCheckpoint,
  root: string,
): Generator<number, readonly string[]> {
  const folder = join(root, subfolder);
  mkdirSync(folder, { recursive: true });
  const { layers } = source.architecture;
  const config = configAt(source.config, { layers, exit, tiedHead: hasTiedHead(source, exit) });
  writeFileSync(join(folder, 'config.json'), config);
  const notes = copyTextFiles(source.textFolders, folder);
  for (const shard of shards) yield* writeShard(shard, folder);
  if (shards.length > 1) writeIndex(shards, folder);
  return notes;
}

function writeIndex(shards: readonly Shard[], folder: string): void {
  const text = JSON.stringify(shardIndex(shards), null, 2);
  writeFileSync(join(folder, 'model.safetensors.index.json'), `${text}\n`);
}
