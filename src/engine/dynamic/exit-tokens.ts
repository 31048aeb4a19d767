import { headOfExit } from '../../model/folder/manifest.ts';
import { joinFloats } from '../cache/copy-floats.ts';
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
