import { InputError } from '../../core/errors.js';
import { executionProvider } from '../../model/folder/provider.js';
/** Loaded at its first use: most commands need not wait for it, and `doctor` can report why it does not load. */
async function onnxRuntime() {
    try {
        return await import('onnxruntime-node');
    }
    catch (cause) {
        throw new InputError({
            code: 'not-found',
            where: 'onnxruntime-node',
            expected: 'ONNX Runtime for this machine',
            found: cause.message,
            fix: 'Install again: npm ci.',
            cause,
        });
    }
}
const OPTIONS = {
    graphOptimizationLevel: 'all',
    // Fatal only: errors arrive as exceptions and must not be printed twice.
    logSeverityLevel: 4,
    // Every step has another shape: memory patterns would be collected for each and never used again.
    enableMemPattern: false,
    // Otherwise idle threads of one segment's session spin and take the cores from the next segment's.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
};
/**
 * Opens a graph from a file (with its external data beside it) or from bytes.
 * @param threads of one run; default: one per core
 * @throws InputError `bad-checkpoint` for a file that ONNX Runtime refuses, to open or to run
 */
export async function openSession(model, threads) {
    const { InferenceSession, Tensor } = await onnxRuntime();
    const place = typeof model === 'string' ? model : 'a graph made in memory';
    // The library has one signature per kind of model; both take the same options.
    const session = await orRefuse(place, 'opens', () => InferenceSession.create(model, options(threads)));
    return {
        run: (inputs, types) => orRefuse(place, 'runs', async () => typedOutputs(await session.run(toFeeds(Tensor, inputs), Object.keys(types)), types)),
        close: () => session.release(),
    };
}
/** Version, and the execution providers of this build. */
export async function runtimeVersion() {
    const { env, listSupportedBackends } = await onnxRuntime();
    return { version: `${env.versions.node}`, providers: listSupportedBackends().map(({ name }) => name) };
}
function options(threads) {
    const intraOp = threads === undefined ? {} : { intraOpNumThreads: threads };
    return { ...OPTIONS, ...intraOp, executionProviders: [executionProvider()] };
}
/** The graphs were checked before: what remains is a model.json that contradicts them, or too little memory. */
async function orRefuse(where, verb, work) {
    try {
        return await work();
    }
    catch (cause) {
        throw new InputError({
            code: 'bad-checkpoint',
            where,
            expected: `a graph that ONNX Runtime ${verb}`,
            found: cause.message,
            fix: 'Import the checkpoint again; sorted-eval doctor <folder> has details.',
            cause,
        });
    }
}
function toFeeds(TensorClass, inputs) {
    return Object.fromEntries(Object.entries(inputs).map(([name, { data, shape }]) => [
        name,
        data instanceof Float32Array
            ? new TensorClass('float32', data, [...shape])
            : new TensorClass('int64', data, [...shape]),
    ]));
}
function typedOutputs(results, types) {
    const typed = Object.entries(types).map(([name, type]) => {
        const tensor = results[name];
        if (tensor.type !== type)
            throw new Error(`output ${name} is ${tensor.type}, not ${type}`);
        return [name, { data: tensor.data, shape: tensor.dims }];
    });
    return Object.fromEntries(typed);
}
