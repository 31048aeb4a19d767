import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import {
  EMBEDDING,
  FINAL_NORM,
  headTensorOf,
  LM_HEAD,
  layerTensors,
  normTensorOf,
} from '../checkpoint/tensor-names.ts';
import { withoutHead, withoutLayers } from './extract-errors.ts';
import type { ExtractSource } from './extract-source.ts';

/** A tensor under the name that it gets in the extracted checkpoint. */
export type NamedPlace = readonly [name: string, place: CheckpointTensor];

/**
 * The tensors of the sub-model at `exit`, in the order of the network: embedding, layers, final norm and, unless
 * it is the embedding, the head.
 * @throws InputError `unknown-exit`
 */
export function tensorsAt(source: ExtractSource, exit: number): NamedPlace[] {
  requireExit(source, exit);
  const { architecture, tensors, exitHeads } = source;
  const layers = Array.from({ length: exit }, (_, layer) => layerTensors(architecture, layer));
  const names = [EMBEDDING, ...layers.flat().map(([name]) => name)];
  const norm: NamedPlace = [FINAL_NORM, tensors.get(normTensorOf(exitHeads, exit))!];
  const shared = [...names.map((name): NamedPlace => [name, tensors.get(name)!]), norm];
  if (hasTiedHead(source, exit)) return shared;
  return [...shared, [LM_HEAD, tensors.get(headOf(source, exit))!]];
}

/** Whether the head at `exit` is the embedding. */
export function hasTiedHead(source: ExtractSource, exit: number): boolean {
  return headOf(source, exit) === EMBEDDING;
}

function headOf({ architecture, exitHeads }: ExtractSource, exit: number): string {
  return headTensorOf(architecture, exitHeads, exit);
}

/** A shared head fits after any layer; of an early-exit model only the exits have heads. */
function requireExit({ folder, kind, architecture, exits }: ExtractSource, exit: number): void {
  const { layers } = architecture;
  if (kind === 'early-exit' && exit !== layers && !exits.includes(exit)) {
    throw withoutHead(folder, exit, exits);
  }
  if (!Number.isInteger(exit) || exit < 1 || exit > layers) throw withoutLayers(folder, exit, layers);
}
