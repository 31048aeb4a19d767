import { EMBEDDING, expectedTensors, headTensorOf, normTensorOf } from '../../checkpoint/tensor-names.ts';
import { storedTensors } from '../../quantise/stored-tensors.ts';
import type { ModelDescription } from '../describe.ts';

/** A model cut off at one exit: embedding, the layers up to there, final norm and head. */
interface SubModelSize {
  readonly exit: number;
  /** Tensor of its head. */
  readonly head: string;
  readonly parameters: number;
  /** As stored. */
  readonly bytes: number;
  /** 0 if the head is the embedding. */
  readonly headParameters: number;
  readonly headBytes: number;
}

/** Sizes by exit, from the headers of the weights. */
export function subModelSizes(model: ModelDescription): SubModelSize[] {
  const { architecture, exits, exitHeads } = model;
  const parameters = parametersByTensor(model);
  const bytes = bytesByTensor(model);
  return exits.map((exit) => {
    const head = headTensorOf(architecture, exitHeads, exit);
    const layers = Array.from({ length: exit }, (_, layer) => `model.layers.${layer}.`);
    const body = [EMBEDDING, ...layers, normTensorOf(exitHeads, exit)];
    const ownHead = head === EMBEDDING ? [] : [head];
    return {
      exit,
      head,
      parameters: sumOf(parameters, [...body, ...ownHead]),
      bytes: sumOf(bytes, [...body, ...ownHead]),
      headParameters: sumOf(parameters, ownHead),
      headBytes: sumOf(bytes, ownHead),
    };
  });
}

/** All exits of a model together, as it lies in its folder: shared layers count once. */
export function totalSize(model: ModelDescription): { parameters: number; bytes: number } {
  return { parameters: sumOf(parametersByTensor(model), ['']), bytes: sumOf(bytesByTensor(model), ['']) };
}

/** The dtypes of the weights that a model uses, the one of most tensors first. */
export function dtypesOf(model: ModelDescription): string[] {
  const counts = new Map<string, number>();
  for (const [, { dtype }] of readTensors(model)) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([dtype]) => dtype);
}

function parametersByTensor({ architecture, exitHeads }: ModelDescription): Map<string, number> {
  const expected = [...expectedTensors(architecture, exitHeads)];
  const product = (shape: readonly number[]) => shape.reduce((all, size) => all * size, 1);
  return new Map(expected.map(([name, shape]) => [name, product(shape)]));
}

function bytesByTensor(model: ModelDescription): Map<string, number> {
  return new Map(readTensors(model).map(([name, { bytes }]) => [name, bytes]));
}

/** The tensors that graphs read, by the network's own names. */
function readTensors({ tensors, architecture, exitHeads, precision }: ModelDescription) {
  const names = storedTensors(architecture, exitHeads, precision ?? 'fp32');
  return [...names].map(([name]) => [name, tensors.get(name)!] as const);
}

/** A layer's tensors are found by its prefix, and the scales of a quantised one beside its codes. */
function sumOf(values: ReadonlyMap<string, number>, prefixes: readonly string[]): number {
  let sum = 0;
  for (const [name, value] of values) {
    if (prefixes.some((prefix) => name.startsWith(prefix))) sum += value;
  }
  return sum;
}
