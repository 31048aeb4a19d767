import { closeSync, openSync, readSync } from 'node:fs';
import { EMBEDDING, LM_HEAD } from '../tensor-names.ts';
import type { TensorPlace } from './tensor-place.ts';

type PlaceInFile = TensorPlace & { readonly file: string };

const PIECE_BYTES = 1 << 20;

/**
 * Whether a checkpoint whose config.json ties the head to the embedding holds a head of its own all the same:
 * then the head was trained, and transformers 5 uses it (modeling_utils.py: `tie_weights`).
 * @returns undefined where there is just one of the two
 */
export function hasOwnHead(tensors: ReadonlyMap<string, PlaceInFile>): boolean | undefined {
  const [embedding, head] = [tensors.get(EMBEDDING), tensors.get(LM_HEAD)];
  return embedding && head && !areEqual(embedding, head);
}

export function noteOnHead(isOwn: boolean | undefined): string[] {
  if (isOwn === undefined) return [];
  return [
    isOwn
      ? `tie_word_embeddings is true, but ${LM_HEAD} differs from the embedding: the head is used, as transformers 5 does`
      : `${LM_HEAD} equals the embedding, as tie_word_embeddings says: one copy serves both`,
  ];
}

function areEqual(a: PlaceInFile, b: PlaceInFile): boolean {
  if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape) || a.bytes !== b.bytes) return false;
  return (a.file === b.file && a.offset === b.offset) || holdSameBytes(a, b);
}

function holdSameBytes(a: PlaceInFile, b: PlaceInFile): boolean {
  const files = [openSync(a.file, 'r'), openSync(b.file, 'r')] as const;
  try {
    const [left, right] = [Buffer.alloc(PIECE_BYTES), Buffer.alloc(PIECE_BYTES)];
    for (let done = 0; done < a.bytes; done += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, a.bytes - done);
      readSync(files[0], left, 0, length, a.offset + done);
      readSync(files[1], right, 0, length, b.offset + done);
      if (left.compare(right, 0, length, 0, length) !== 0) return false;
    }
    return true;
  } finally {
    for (const file of files) closeSync(file);
  }
}
