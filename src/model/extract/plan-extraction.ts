import { hasTiedHead, tensorsAt } from './exit-tensors.ts';
import type { ExtractSource } from './extract-source.ts';
import { bytesOfShards, planShards, type Shard } from './plan-shards.ts';

/** One checkpoint to write. */
export interface PlannedCheckpoint {
  readonly exit: number;
  /** Its place below the folder that is extracted to. */
  readonly subfolder: string;
  readonly shards: readonly Shard[];
  /** Of its weights. */
  readonly bytes: number;
  readonly notes: readonly string[];
}

/**
 * What is to be written for one exit, or for every exit of the model.
 * @throws InputError `unknown-exit`
 */
export function planExtraction(
  source: ExtractSource,
  exit: number | undefined,
  maxShardBytes: number,
): PlannedCheckpoint[] {
  const plan = (layers: number, subfolder: string): PlannedCheckpoint => {
    const shards = planShards(tensorsAt(source, layers), maxShardBytes);
    return { exit: layers, subfolder, shards, bytes: bytesOfShards(shards), notes: notesOn(source, layers) };
  };
  if (exit !== undefined) return [plan(exit, '')];
  return source.exits.map((layers) => plan(layers, `exit-${layers}`));
}

function notesOn(source: ExtractSource, exit: number): string[] {
  const { kind, exits, isTiedInConfig } = source;
  const notes: string[] = [];
  // The exits of a plain checkpoint are a default, not what it was trained for.
  if (kind !== 'plain' && !exits.includes(exit)) {
    notes.push(`${exit} is none of the model’s exits ${exits.join(', ')}`);
  }
  if (isTiedInConfig && !hasTiedHead(source, exit)) {
    notes.push(`exit ${exit} has a head of its own, so tie_word_embeddings becomes false`);
  }
  return notes;
}
