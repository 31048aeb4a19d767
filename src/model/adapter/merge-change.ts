import { InputError } from '../../core/errors.ts';
import type { Dtype } from '../checkpoint/safetensors.ts';
import type { TensorChange } from '../checkpoint/tensor-change.ts';
import { type AdapterMatrix, type LowRank, lowRankRows, readMatrix } from './low-rank.ts';
import { roundFloats } from './round-floats.ts';

/** What is added to a weight or bias, all of it optional: a tensor that takes another's place just gets its dtype. */
export interface Addition {
  /** Of the base's tensor, whose dtype the result has. */
  readonly dtype: Dtype;
  /** File and name of a part, for errors. */
  readonly where: string;
  readonly lora?: LowRank | undefined;
  /** DoRA: the length that each row of W + scale · B · A gets, [rows]. */
  readonly magnitude?: AdapterMatrix | undefined;
  /** `lora_bias`: scale times this is added to a bias, [rows]. */
  readonly bias?: { readonly matrix: AdapterMatrix; readonly scale: number } | undefined;
}

/** The change that peft's `merge_and_unload` makes of a tensor, rounded to the base's dtype as there. */
export function mergeChange(addition: Addition): TensorChange {
  const { dtype, where, lora, magnitude, bias } = addition;
  const apply = (rows: Float32Array, firstRow: number) => {
    if (bias) addTo(rows, readMatrix(bias.matrix), bias.scale);
    if (lora) addLora(rows, firstRow, lora, dtype);
    if (lora && magnitude) setLengths(rows, readMatrix(magnitude, firstRow, rows.length / columnsOf(lora)));
    roundFloats(rows, dtype);
    requireFinite(rows, where);
  };
  return { dtype, apply };
}

const columnsOf = ({ a, b, isEmbedding }: LowRank) => (isEmbedding ? b.shape[0]! : a.shape[1]!);

function addLora(rows: Float32Array, firstRow: number, lora: LowRank, dtype: Dtype): void {
  const columns = columnsOf(lora);
  const added = lowRankRows(lora, { firstRow, count: rows.length / columns, columns });
  // peft rounds what it adds to an embedding, and not what it adds to a projection.
  if (lora.isEmbedding) roundFloats(added, dtype);
  addTo(rows, added, 1);
}

function addTo(rows: Float32Array, added: Float32Array, scale: number): void {
  for (let index = 0; index < rows.length; index++) rows[index]! += Math.fround(added[index]! * scale);
}

/** Stretches each row to its length. */
function setLengths(rows: Float32Array, lengths: Float32Array): void {
  const columns = rows.length / lengths.length;
  for (let row = 0; row < lengths.length; row++) {
    const values = rows.subarray(row * columns, (row + 1) * columns);
    let squares = 0;
    for (const value of values) squares += value * value;
    const factor = Math.fround(lengths[row]! / Math.fround(Math.sqrt(squares)));
    for (let column = 0; column < columns; column++) values[column]! *= factor;
  }
}

function requireFinite(rows: Float32Array, where: string): void {
  if (rows.every(Number.isFinite)) return;
  throw new InputError({
    code: 'bad-checkpoint',
    where,
    expected: 'finite numbers after merging',
    found: 'NaN or infinity',
    fix: 'Train the adapter again, or give the base that it was trained on.',
  });
}
