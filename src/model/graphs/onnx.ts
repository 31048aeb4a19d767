/**
 * Writes ONNX models as protobuf: only the messages and fields of onnx.proto3 (github.com/onnx/onnx) that the
 * graphs here use. Field numbers in the code are those of that file.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

const ONNX_TYPE = { float: 1, uint8: 2, int64: 7, float16: 10, bfloat16: 16 } as const;
export type OnnxType = keyof typeof ONNX_TYPE;

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly op: string;
  /** `''`: the standard ONNX operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A graph input or output; a dimension is a size or a name. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** A constant: small int64 values inside the graph, or bytes of a file beside it. */
export interface OnnxInitializer {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data:
    | { readonly int64: readonly number[] }
    | { readonly file: string; readonly offset: number; readonly bytes: number };
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  readonly nodes: readonly OnnxNode[];
}

/**
 * Opset 17 is the newest that needs no change for these operators; `com.microsoft` holds ONNX Runtime's own.
 */
const OPSETS = [
  { domain: '', version: 17 },
  { domain: 'com.microsoft', version: 1 },
];
const IR_VERSION = 8;
const EXTERNAL = 1;

type Write = (writer: BinaryWriter) => void;

/** Serialises a graph as a ModelProto. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, 1, IR_VERSION);
  text(writer, 2, 'sorted-eval');
  message(writer, 7, (inner) => writeGraph(inner, graph));
  for (const opset of OPSETS) {
    message(writer, 8, (inner) => {
      text(inner, 1, opset.domain);
      int(inner, 2, opset.version);
    });
  }
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) message(writer, 1, (inner) => writeNode(inner, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, (inner) => writeInitializer(inner, tensor));
  for (const value of graph.inputs) message(writer, 11, (inner) => writeValue(inner, value));
  for (const value of graph.outputs) message(writer, 12, (inner) => writeValue(inner, value));
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 3, node.outputs[0]!);
  text(writer, 4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(writer, 5, (inner) => writeAttribute(inner, name, value));
  }
  text(writer, 7, node.domain);
}

const ATTRIBUTE_TYPE = { float: 1, int: 2, graph: 5, ints: 7 } as const;

function writeAttribute(writer: BinaryWriter, name: string, value: AttributeValue): void {
  text(writer, 1, name);
  if ('float' in value) {
    writer.tag(2, WireType.Bit32).float(value.float);
    int(writer, 20, ATTRIBUTE_TYPE.float);
  } else if ('int' in value) {
    int(writer, 3, value.int);
    int(writer, 20, ATTRIBUTE_TYPE.int);
  } else if ('graph' in value) {
    message(writer, 6, (inner) => writeGraph(inner, value.graph));
    int(writer, 20, ATTRIBUTE_TYPE.graph);
  } else {
    for (const item of value.ints) int(writer, 8, item);
    int(writer, 20, ATTRIBUTE_TYPE.ints);
  }
}

function writeInitializer(writer: BinaryWriter, tensor: OnnxInitializer): void {
  for (const size of tensor.shape) int(writer, 1, size);
  int(writer, 2, ONNX_TYPE[tensor.type]);
  text(writer, 8, tensor.name);
  const { data } = tensor;
  if ('int64' in data) {
    for (const item of data.int64) int(writer, 7, item);
    return;
  }
  writePair(writer, 13, 'location', data.file);
  writePair(writer, 13, 'offset', String(data.offset));
  writePair(writer, 13, 'length', String(data.bytes));
  int(writer, 14, EXTERNAL);
}

function writePair(writer: BinaryWriter, field: number, key: string, value: string): void {
  message(writer, field, (inner) => {
    text(inner, 1, key);
    text(inner, 2, value);
  });
}

function writeValue(writer: BinaryWriter, value: OnnxValue): void {
  text(writer, 1, value.name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      int(tensor, 1, ONNX_TYPE[value.type]);
      message(tensor, 2, (shape) => {
        for (const size of value.shape) message(shape, 1, (dim) => writeDimension(dim, size));
      });
    }),
  );
}

function writeDimension(writer: BinaryWriter, size: number | string): void {
  if (typeof size === 'number') int(writer, 1, size);
  else text(writer, 2, size);
}

function message(writer: BinaryWriter, field: number, write: Write): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

/** int64 and int32 are one varint on the wire. */
function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}
