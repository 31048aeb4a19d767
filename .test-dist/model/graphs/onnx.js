/**
 * Writes ONNX models as protobuf: just the messages and fields of onnx.proto3 (github.com/onnx/onnx) that the
 * graphs here use. Field numbers in the code are that file's.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
export const ONNX_TYPE = { float: 1, uint8: 2, int64: 7, float16: 10, bfloat16: 16 };
/** Opset 17 is the newest that needs no change for these operators; `com.microsoft` holds ONNX Runtime's own. */
const OPSETS = [
    { domain: '', version: 17 },
    { domain: 'com.microsoft', version: 1 },
];
const IR_VERSION = 8;
const EXTERNAL = 1;
/** Serialises a graph as a ModelProto. */
export function encodeModel(graph) {
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
function writeGraph(writer, graph) {
    for (const node of graph.nodes)
        message(writer, 1, (inner) => writeNode(inner, node));
    text(writer, 2, graph.name);
    for (const tensor of graph.initializers)
        message(writer, 5, (inner) => writeInitializer(inner, tensor));
    for (const value of graph.inputs)
        message(writer, 11, (inner) => writeValue(inner, value));
    for (const value of graph.outputs)
        message(writer, 12, (inner) => writeValue(inner, value));
}
function writeNode(writer, node) {
    for (const input of node.inputs)
        text(writer, 1, input);
    for (const output of node.outputs)
        text(writer, 2, output);
    text(writer, 3, node.outputs[0]);
    text(writer, 4, node.op);
    for (const [name, value] of Object.entries(node.attributes)) {
        message(writer, 5, (inner) => writeAttribute(inner, name, value));
    }
    text(writer, 7, node.domain);
}
const ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 };
function writeAttribute(writer, name, value) {
    text(writer, 1, name);
    if ('float' in value) {
        writer.tag(2, WireType.Bit32).float(value.float);
        int(writer, 20, ATTRIBUTE_TYPE.float);
    }
    else if ('int' in value) {
        int(writer, 3, value.int);
        int(writer, 20, ATTRIBUTE_TYPE.int);
    }
    else {
        for (const item of value.ints)
            int(writer, 8, item);
        int(writer, 20, ATTRIBUTE_TYPE.ints);
    }
}
function writeInitializer(writer, tensor) {
    for (const size of tensor.shape)
        int(writer, 1, size);
    int(writer, 2, ONNX_TYPE[tensor.type]);
    text(writer, 8, tensor.name);
    const { data } = tensor;
    if ('int64' in data) {
        for (const item of data.int64)
            int(writer, 7, item);
        return;
    }
    writePair(writer, 13, 'location', data.file);
    writePair(writer, 13, 'offset', String(data.offset));
    writePair(writer, 13, 'length', String(data.bytes));
    int(writer, 14, EXTERNAL);
}
function writePair(writer, field, key, value) {
    message(writer, field, (inner) => {
        text(inner, 1, key);
        text(inner, 2, value);
    });
}
function writeValue(writer, value) {
    text(writer, 1, value.name);
    message(writer, 2, (type) => message(type, 1, (tensor) => {
        int(tensor, 1, ONNX_TYPE[value.type]);
        message(tensor, 2, (shape) => {
            for (const size of value.shape)
                message(shape, 1, (dim) => writeDimension(dim, size));
        });
    }));
}
function writeDimension(writer, size) {
    if (typeof size === 'number')
        int(writer, 1, size);
    else
        text(writer, 2, size);
}
function message(writer, field, write) {
    writer.tag(field, WireType.LengthDelimited).fork();
    write(writer);
    writer.join();
}
function text(writer, field, value) {
    writer.tag(field, WireType.LengthDelimited).string(value);
}
/** int64 and int32 are one varint on the wire. */
function int(writer, field, value) {
    writer.tag(field, WireType.Varint).int64(value);
}
