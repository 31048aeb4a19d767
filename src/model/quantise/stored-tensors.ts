import { InputError } from '../../core/errors.ts';
import type { Architecture } from '../checkpoint/architecture.ts';
import type { CheckpointTensor, ExpectedTensor } from '../checkpoint/checkpoint-tensors.ts';
import { type ExitHeads, expectedTensors } from '../checkpoint/tensor-names.ts';
import { dtypeUnder, type Precision, type QuantisedPrecision } from './precision.ts';
import { type QuantisedDtype, quantisedShape } from './quantise.ts';
import type { FloatPlace, QuantisedPlace } from './weight-place.ts';

/** A weight in one of several files; `file` is a path. */
export type StoredWeight = FloatPlace | QuantisedPlace;

const FLOATS = ['F32'];

/**
 * Names of the tensors that hold a quantised matrix. They start with the matrix's name, so that its bytes can
 * be summed by prefix.
 */
export const partsOf = (weight: string) => ({
  codes: `${weight}.codes`,
  scales: `${weight}.scales`,
  zeros: `${weight}.zeros`,
});

/** Every tensor that the files of a model folder hold for its graphs. */
export function* storedTensors(
  architecture: Architecture,
  own: ExitHeads,
  precision: Precision,
): Generator<ExpectedTensor> {
  for (const tensor of expectedTensors(architecture, own)) {
    if (precision === 'fp32') yield tensor;
    else yield* tensorsFor(...tensor, precision);
  }
}

/** What one tensor of the network becomes in a quantised folder. */
export function tensorsFor(
  name: string,
  shape: readonly number[],
  precision: QuantisedPrecision,
): ExpectedTensor[] {
  const dtype = dtypeUnder(precision, name, shape);
  if (dtype === 'F32') return [[name, shape, FLOATS]];
  const [rows, columns] = shape as [number, number];
  const { blocks, blockBytes, zeroBytes } = quantisedShape(columns, dtype);
  const { codes, scales, zeros } = partsOf(name);
  const stored: ExpectedTensor[] = [
    [scales, [rows, blocks], FLOATS],
    [codes, [rows, blocks, blockBytes], ['U8']],
  ];
  return zeroBytes === 0 ? stored : [...stored, [zeros, [rows, zeroBytes], ['U8']]];
}

/**
 * Where the network's weights lie, by the names that they have in the checkpoint.
 * @param tensors those of `storedTensors`
 * @throws InputError `bad-checkpoint` if the parts of one weight lie in several files
 */
export function weightsIn(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  architecture: Architecture,
  own: ExitHeads,
  precision: Precision,
): ReadonlyMap<string, StoredWeight> {
  if (precision === 'fp32') return tensors;
  const weights = new Map<string, StoredWeight>();
  for (const [name, shape] of expectedTensors(architecture, own)) {
    const dtype = dtypeUnder(precision, name, shape);
    weights.set(name, dtype === 'F32' ? tensors.get(name)! : joinParts(tensors, name, shape, dtype));
  }
  return weights;
}

function joinParts(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  name: string,
  shape: readonly number[],
  dtype: QuantisedDtype,
): QuantisedPlace {
  const parts = partsOf(name);
  const { file, offset, bytes } = tensors.get(parts.codes)!;
  const offsetOf = (part: string) => {
    const tensor = tensors.get(part)!;
    if (tensor.file === file) return tensor.offset;
    throw new InputError({
      code: 'bad-checkpoint',
      where: `${tensor.file}: ${part}`,
      expected: `it beside the codes, in ${file}`,
      found: 'it in another file',
      fix: 'Import the checkpoint again: sorted-eval import <checkpoint> <folder>.',
    });
  };
  const place = { file, dtype, shape, offset, bytes, scalesOffset: offsetOf(parts.scales) };
  return dtype === 'int4' ? { ...place, zerosOffset: offsetOf(parts.zeros) } : place;
}
