import type { AttributeValue, OnnxGraph, OnnxInitializer, OnnxNode, OnnxType, OnnxValue } from './onnx.ts';

const MAX_INT32 = 2 ** 31 - 1;

type Attributes = Readonly<Record<string, AttributeValue>>;

/** Adds the nodes that make a float value, and returns its name. */
type Branch = (graph: GraphBuilder) => string;

/** Collects nodes and constants; every method returns the name of the value it made. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: Map<string, OnnxInitializer>;
  readonly #names: { next: number };

  /** @param around the graph of a branch: its constants and names are shared */
  constructor(around?: GraphBuilder) {
    this.#initializers = around ? around.#initializers : new Map();
    this.#names = around ? around.#names : { next: 0 };
  }

  /** One node with one output; `name` if the output is a graph output. */
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

  /** One of ONNX Runtime's own operators (domain com.microsoft), which tie the graphs to ONNX Runtime. */
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

  /** A constant whose bytes lie in a file beside the graph. */
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

  reshape(x: string, shape: readonly number[]): string {
    return this.node('Reshape', [x, this.ints(...shape)]);
  }

  transpose(x: string, order: readonly number[], name?: string): string {
    return this.node('Transpose', [x], { perm: { ints: order } }, name);
  }

  /** Part of the last axis; `start` and `end` are 1-D int64 values, no `end` means all the rest. */
  sliceLast(x: string, start: string, end: string = this.ints(MAX_INT32)): string {
    return this.node('Slice', [x, start, end, this.ints(-1)]);
  }

  /** One of two ways to compute a value; only the one that the condition, one bool, chooses runs. */
  either(condition: string, whenTrue: Branch, otherwise: Branch): string {
    const attributes = { then_branch: this.#branch(whenTrue), else_branch: this.#branch(otherwise) };
    return this.node('If', [condition], attributes);
  }

  finish(name: string, inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): OnnxGraph {
    return { name, inputs, outputs, nodes: this.#nodes, initializers: [...this.#initializers.values()] };
  }

  /** Values of the graph around are read by their names, so that a branch has no inputs. */
  #branch(build: Branch): AttributeValue {
    const branch = new GraphBuilder(this);
    const output = build(branch);
    const outputs = [{ name: output, type: 'float', shape: [] }] as const;
    return { graph: { name: 'branch', inputs: [], outputs, nodes: branch.#nodes, initializers: [] } };
  }

  #add(domain: string, op: string, inputs: readonly string[], attributes: Attributes, name?: string): string {
    const output = name ?? `v${this.#names.next++}`;
    this.#nodes.push({ op, domain, inputs, outputs: [output], attributes });
    return output;
  }
}
