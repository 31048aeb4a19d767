const MAX_INT32 = 2 ** 31 - 1;
/** Collects nodes and constants; every method returns the name of the value it made. */
export class GraphBuilder {
    #nodes = [];
    #initializers = new Map();
    #names = 0;
    /** One node with one output; `name` if the output is a graph output. */
    node(op, inputs, attributes = {}, name) {
        return this.#add('', op, inputs, attributes, name);
    }
    /** One node with several outputs, which are graph outputs. */
    nodeWithOutputs(op, inputs, attributes, outputs) {
        this.#nodes.push({ op, domain: '', inputs, outputs, attributes });
    }
    /** One of ONNX Runtime's own operators (domain com.microsoft), which tie the graphs to ONNX Runtime. */
    contrib(op, inputs, attributes = {}, name) {
        return this.#add('com.microsoft', op, inputs, attributes, name);
    }
    /** A 1-D int64 constant; the same values give the same constant. */
    ints(...values) {
        const name = `ints:${values.join(',')}`;
        this.#initializers.set(name, { name, type: 'int64', shape: [values.length], data: { int64: values } });
        return name;
    }
    /** A scalar constant. */
    float(value) {
        return this.node('Constant', [], { value_float: { float: value } });
    }
    /** A constant whose bytes lie in a file beside the graph. */
    external(name, type, shape, { file, offset, bytes }) {
        if (!this.#initializers.has(name)) {
            this.#initializers.set(name, { name, type, shape, data: { file, offset, bytes } });
        }
        return name;
    }
    reshape(x, shape) {
        return this.node('Reshape', [x, this.ints(...shape)]);
    }
    transpose(x, order, name) {
        return this.node('Transpose', [x], { perm: { ints: order } }, name);
    }
    /** Part of the last axis; `start` and `end` are 1-D int64 values, no `end` means all the rest. */
    sliceLast(x, start, end = this.ints(MAX_INT32)) {
        return this.node('Slice', [x, start, end, this.ints(-1)]);
    }
    finish(name, inputs, outputs) {
        return { name, inputs, outputs, nodes: this.#nodes, initializers: [...this.#initializers.values()] };
    }
    #add(domain, op, inputs, attributes, name) {
        const output = name ?? `v${this.#names++}`;
        this.#nodes.push({ op, domain, inputs, outputs: [output], attributes });
        return output;
    }
}
