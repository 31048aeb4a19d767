import { join, resolve } from 'node:path';
import { InputError } from '../../../core/errors.ts';
import type { Architecture } from '../architecture.ts';
import { type CollectedTensors, collectTensors, notesOnTensors } from '../checkpoint-tensors.ts';
import type { DecidedExits } from '../exits-file.ts';
import { type ForeignHeads, openForeignHeads } from '../heads/foreign-heads.ts';
import { isThere } from '../regular-file.ts';
import { chooseWeights } from './choose-weights.ts';
import type { WeightsFile } from './tensor-place.ts';
import { readWeightsFile } from './weights-file.ts';

/** Headers of a checkpoint's weights. */
interface CheckpointWeights {
  readonly files: readonly WeightsFile[];
  /** Without heads and norms that heads.yaml names. */
  readonly collected: CollectedTensors;
  readonly foreignHeads: ForeignHeads | undefined;
  readonly notes: readonly string[];
}

/** @throws InputError naming the file or tensor that does not fit */
export function readWeights(folder: string, decided: DecidedExits, shape: Architecture): CheckpointWeights {
  const { heads, exits } = decided;
  const chosen = filesOf(folder, decided);
  const files = chosen.files.map(readWeightsFile);
  const foreignHeads = heads && openForeignHeads(heads, shape, exits, files);
  const collected = collectTensors(foreignHeads?.others ?? files);
  const notes = [...chosen.notes, ...notesOnTensors(collected), ...(foreignHeads?.notes ?? [])];
  return { files, collected, foreignHeads, notes };
}

/**
 * An early-exit checkpoint has heads of its own; its layers lie in the checkpoint that it was trained from.
 */
function filesOf(folder: string, { kind, base, heads }: DecidedExits) {
  if (kind !== 'early-exit' || heads) return chooseWeights(folder);
  const { files, notes } = chooseWeights(base === undefined ? folder : resolve(folder, base));
  return { files: [...files, trainedHeads(folder)], notes };
}

function trainedHeads(folder: string): string {
  const path = join(folder, 'exit_heads.safetensors');
  if (isThere(path)) return path;
  throw new InputError({
    code: 'not-found',
    where: path,
    expected: 'the heads of the exits',
    found: 'no such file',
    fix: 'Name the files that hold them with --heads heads.yaml, or give the checkpoint another kind.',
  });
}
