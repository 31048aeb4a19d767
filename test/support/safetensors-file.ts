import { writeFileSync } from 'node:fs';

export type Dtype = 'F32' | 'F16' | 'BF16';

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Header as the format has it: name → dtype, shape, data_offsets. */
export type Header = Record<string, { dtype: string; shape: readonly number[]; data_offsets: number[] }>;

/**
 * Writes a safetensors file. `shift` more spaces in the header move every tensor by that many bytes, as files of old
 * writers do, which did not align them.
 */
export function writeSafetensors(
  path: string,
  tensors: readonly NamedTensor[],
  dtype: Dtype,
  shift = 0,
): void {
  const header: Header = {};
  const parts = tensors.map(({ values }) => encode(values, dtype));
  let offset = 0;
  tensors.forEach(({ name, shape }, index) => {
    const end = offset + parts[index]!.length;
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  });
  const text = JSON.stringify({ __metadata__: { format: 'pt' }, ...header });
  writeFileSync(
    path,
    safetensorsBytes(text.padEnd(Math.ceil(text.length / 8) * 8 + shift), Buffer.concat(parts)),
  );
}

/** A file with any header text, well-formed or not. */
export function safetensorsBytes(header: string | Uint8Array, data: Uint8Array = new Uint8Array()): Buffer {
  const text = typeof header === 'string' ? Buffer.from(header) : header;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

export function encode(values: Float32Array, dtype: Dtype): Buffer {
  if (dtype === 'F32') return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const toHalf = dtype === 'BF16' ? toBfloat16 : toFloat16;
  const halves = Uint16Array.from(values, toHalf);
  return Buffer.from(halves.buffer);
}

/** Bits of a number that bfloat16 holds exactly; other numbers are refused. */
function toBfloat16(value: number): number {
  const bits = floatBits(value);
  if (bits & 0xffff) throw new Error(`${value} is not a bfloat16`);
  return bits >>> 16;
}

/** Bits of a number that normal float16 holds exactly; other numbers are refused. */
function toFloat16(value: number): number {
  if (value === 0) return Object.is(value, -0) ? 0x8000 : 0;
  const bits = floatBits(value);
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  if (bits & 0x1fff || exponent < 1 || exponent > 30) throw new Error(`${value} is not a normal float16`);
  return ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}

function floatBits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}
