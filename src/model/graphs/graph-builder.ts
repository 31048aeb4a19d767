import type { Dtype } from '../checkpoint/safetensors.ts';
import { isQuantised, type WeightPlace } from '../quantise/weight-place.ts';
import type { AttributeValue, OnnxGraph, OnnxInitializer, OnnxNode, OnnxType, OnnxValue } from './onnx.ts';
import { quantisedProduct, quantisedRows } from './quantised-nodes.ts';

const DTYPE_TO_ONNX: Record<Dtype, OnnxType> = {
  F32: 'float',
  F16: 'float16',
  BF16: 'bfloat16',
};
const FLOAT = 1;
const LARGEST_INT = 2 ** 31 - 1;

type Attributes = Readonly<Record<string, AttributeValue>>;

/** Collects nodes and constants; every method returns the name of the value it made. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxInitializer>();
  #names = 0;

  /** One node with one output; `name` where the output is a graph output. */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}, name?: string): string {
    return this.#add('', op, inputs, attributes, name);
  }

  /** One node with several outputs, which are graph outputs. */
  nodeWithOutputs(
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: readonly string[],
  ): void {
    this.#nodes.push({ op, domain: '', inputs, outputs, attributes });
  }

  /** One of ONNX Runtime's own operators (domain com.microsoft). */
  contrib(op: string, inputs: readonly string[], attributes: Attributes = {}, name?: string): string {
    return this.#add('com.microsoft', op, inputs, attributes, name);
  }

  /** A 1-D int64 constant; the same values give the same constant. */
  ints(...values: number[]): string {
    const name = `ints:${values.join(',')}`;
    this.#initializers.set(name, { name, type: 'int64', shape: [values.length], data: { int64: values } });
    return name;
  }

  /** A scalar constant. */
  float(value: number): string {
    return this.node('Constant', [], { value_float: { float: value } });
  }

  /** A constant that lies in a file beside the graph. */
  external(
    name: string,
    type: OnnxType,
    shape: readonly number[],
    { file, offset, bytes }: { readonly file: string; readonly offset: number; readonly bytes: number },
  ): string {
    if (!this.#initializers.has(name)) {
      this.#initializers.set(name, { name, type, shape, data: { file, offset, bytes } });
    }
    return name;
  }

  /** A weight of floats, as float32. F16 and BF16 get a Cast, which ONNX Runtime folds when the session opens. */
  weight(name: string, place: WeightPlace): string {
    if (isQuantised(place)) throw new Error(`${name} is quantised`);
    this.external(name, DTYPE_TO_ONNX[place.dtype], place.shape, place);
    return place.dtype === 'F32' ? name : this.node('Cast', [name], { to: { int: FLOAT } });
  }

  /** alpha · x [.., in] · weightᵀ → [.., out], for weights [out, in] of any form. */
  product(
    x: string,
    weight: string,
    place: WeightPlace,
    { alpha = 1, name }: { alpha?: number; name?: string } = {},
  ): string {
    if (!isQuantised(place))
      return this.linear(x, this.weight(weight, place), { alpha, ...(name && { name }) });
    if (alpha === 1) return quantisedProduct(this, x, weight, place, name);
    return this.node('Mul', [quantisedProduct(this, x, weight, place), this.float(alpha)], {}, name);
  }

  /** Rows of a weight [N, K] by ids [B, S] → [B, S, K]. */
  rows(ids: string, weight: string, place: WeightPlace): string {
    if (isQuantised(place)) return quantisedRows(this, ids, weight, place);
    return this.node('Gather', [this.weight(weight, place), ids]);
  }

  /** alpha · x [.., in] · weightᵀ, weight [out, in] as the checkpoint holds it → [.., out]. */
  linear(x: string, weight: string, { alpha = 1, name }: { alpha?: number; name?: string } = {}): string {
    const attributes = { transB: { int: 1 }, alpha: { float: alpha } };
    return this.contrib('FusedMatMul', [x, weight], attributes, name);
  }

  /** RMSNorm over the last axis, computed in float32. */
  rmsNorm(x: string, weight: string, epsilon: number): string {
    const attributes = { axis: { int: -1 }, epsilon: { float: epsilon }, stash_type: { int: FLOAT } };
    return this.node('SimplifiedLayerNormalization', [x, weight], attributes);
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.node('Reshape', [x, this.ints(...shape)]);
  }

  transpose(x: string, order: readonly number[], name?: string): string {
    return this.node('Transpose', [x], { perm: { ints: order } }, name);
  }

  /** Part of the last axis; `start` and `end` are 1-D int64 values, no `end` means all the rest. */
  sliceLast(x: string, start: string, end: string = this.ints(LARGEST_INT)): string {
    return this.node('Slice', [x, start, end, this.ints(-1)]);
  }

  finish(name: string, inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): OnnxGraph {
    return { name, inputs, outputs, nodes: this.#nodes, initializers: [...this.#initializers.values()] };
  }

  #add(domain: string, op: string, inputs: readonly string[], attributes: Attributes, name?: string): string {
    const output = name ?? `v${this.#names++}`;
    this.#nodes.push({ op, domain, inputs, outputs: [output], attributes });
    return output;
  }
}
