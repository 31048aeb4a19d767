import { MAX_PASS_TOKENS } from '../../engine/session/batches.ts';
import { readManifest } from '../../model/folder/read-manifest.ts';

/** Bytes of the exits' heads where they are inputs of a graph, float32, and of the logits of one run. */
export function headBytes(folder: string, exits: readonly number[]): number {
  const { architecture, heads } = readManifest(folder);
  const own = heads.filter((head) => head.exits.some((exit) => exits.includes(exit))).length;
  const { hiddenSize, vocabSize } = architecture;
  return Float32Array.BYTES_PER_ELEMENT * vocabSize * (own * hiddenSize + MAX_PASS_TOKENS);
}
