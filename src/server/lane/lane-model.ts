import { megabytes } from '../../engine/cache/memory-budget.ts';
import { KeptPrompts } from '../../engine/forced/kept-prompts.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import type { OpenSettings } from './asked.ts';

/** A model folder that is open in this thread, with the prompts that were read. */
export interface LaneModel {
  readonly model: SegmentedModel;
  readonly kept: KeptPrompts;
}

/**
 * Opens a folder once for all of its lanes: the graphs of dynamic inference have the results of the others, bit for bit.
 * @throws InputError when model.json or a file that it names does not fit
 */
export async function openLaneModel({
  folder,
  isDynamic,
  memoryMB,
  threads,
}: OpenSettings): Promise<LaneModel> {
  const open = isDynamic ? SegmentedModel.openStepwise : SegmentedModel.open;
  const model = await open(folder, threads);
  return { model, kept: new KeptPrompts(model, megabytes(memoryMB)) };
}
