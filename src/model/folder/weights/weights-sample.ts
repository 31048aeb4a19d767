import { createHash, type Hash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { openForReading } from '../../checkpoint/regular-file.ts';
import type { WeightsFile } from '../../checkpoint/weights/tensor-place.ts';

/** Of each tensor, around its middle. */
const SAMPLE_BYTES = 256;

/**
 * A hash of some bytes of every tensor that an import reads. Checkpoints of one network have files of the same size, and
 * archives may give them the same time: size and time alone would take one for the other.
 * @returns 64 hex digits
 */
export function weightsSample({ files, foreignHeads, adapter }: Checkpoint): string {
  const hash = createHash('sha256');
  const all = [...files, ...(foreignHeads?.files ?? []), ...(adapter ? [adapter.file] : [])];
  for (const file of all) addSamples(hash, file);
  return hash.digest('hex');
}

function addSamples(hash: Hash, { path, tensors }: WeightsFile): void {
  const file = openForReading(path, 'Download the file again.');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    for (const { offset, bytes } of tensors.values()) {
      const length = Math.min(bytes, SAMPLE_BYTES);
      const start = offset + Math.floor((bytes - length) / 2);
      hash.update(buffer.subarray(0, readSync(file, buffer, 0, length, start)));
    }
  } finally {
    closeSync(file);
  }
}
