import { headOfExit } from '../../model/folder/manifest.ts';
import type { ConfidentToken } from '../session/head-session.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';

/** Greedy tokens of an exit after states [n, D] each, one after the other. */
export async function exitTokens(
  model: SegmentedModel,
  exit: number,
  states: readonly Float32Array[],
): Promise<number[]> {
  return states.length === 0 ? [] : model.nextTokens(headFileOf(model, exit), joinFloats(states));
}

/** The same with how sure the exit is of each. */
export async function confidentExitTokens(
  model: SegmentedModel,
  exit: number,
  states: readonly Float32Array[],
): Promise<ConfidentToken[]> {
  return states.length === 0 ? [] : model.confidentTokens(headFileOf(model, exit), joinFloats(states));
}

function headFileOf({ manifest }: SegmentedModel, exit: number): string {
  return headOfExit(manifest, exit, 'exit').file;
}

function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
