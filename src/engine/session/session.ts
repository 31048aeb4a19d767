import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { InputError } from '../../core/errors.ts';
import { executionProvider } from '../../model/folder/provider.ts';

/** The only file that knows ONNX Runtime. Tensors are row-major; inputs are read in place, outputs are new. */
export type FloatTensor = { readonly data: Float32Array; readonly shape: readonly number[] };
export type IntTensor = { readonly data: BigInt64Array; readonly shape: readonly number[] };
export type Inputs = Readonly<Record<string, FloatTensor | IntTensor>>;

export interface Session {
  /** Runs the graph and returns only the outputs asked for. */
  run<Name extends string>(inputs: Inputs, outputs: readonly Name[]): Promise<Record<Name, TypedOutput>>;
  close(): Promise<void>;
}

export type TypedOutput = { readonly data: Float32Array | BigInt64Array; readonly shape: readonly number[] };

/** Loaded at its first use: most commands need not wait for it, and `doctor` can say why it does not load. */
async function onnxRuntime() {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new InputError({
      code: 'not-found',
      where: 'onnxruntime-node',
      expected: 'ONNX Runtime for this machine',
      found: (cause as Error).message,
      fix: 'Install again: npm ci.',
      cause,
    });
  }
}

const OPTIONS: InferenceSession.SessionOptions = {
  graphOptimizationLevel: 'all',
  // Fatal only: what goes wrong comes as an exception, and must not be printed twice.
  logSeverityLevel: 4,
  // Every step has another shape; patterns of memory use would be collected for each and never used again.
  enableMemPattern: false,
  // Idle threads of one segment's session would otherwise spin and take the cores from the next segment's.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/**
 * Opens a graph from a file (with its external data beside it) or from bytes.
 * @param threads that a run may use; as many as there are cores where nothing is said
 * @throws InputError `bad-checkpoint` for a file that ONNX Runtime refuses, to open or to run
 */
export async function openSession(model: string | Uint8Array, threads?: number): Promise<Session> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const place = typeof model === 'string' ? model : 'a graph made in memory';
  // The library has one signature for each kind; both take the same options.
  const session = await orRefuse(place, 'opens', () =>
    InferenceSession.create(model as string, options(threads)),
  );
  return {
    run: async (inputs, outputs) => {
      const results = await orRefuse(place, 'runs', () => session.run(toFeeds(Tensor, inputs), [...outputs]));
      return Object.fromEntries(outputs.map((name) => [name, fromTensor(results[name]!)])) as never;
    },
    close: () => session.release(),
  };
}

/** Version, and the execution providers that this build knows. */
export async function runtimeVersion(): Promise<{ version: string; providers: readonly string[] }> {
  const { env, listSupportedBackends } = await onnxRuntime();
  return { version: `${env.versions.node}`, providers: listSupportedBackends().map(({ name }) => name) };
}

function options(threads?: number): InferenceSession.SessionOptions {
  const intraOp = threads === undefined ? {} : { intraOpNumThreads: threads };
  return { ...OPTIONS, ...intraOp, executionProviders: [executionProvider()] };
}

/** Its graphs were checked before; what is left is a model.json that lies about them, or a machine without memory. */
async function orRefuse<T>(where: string, verb: 'opens' | 'runs', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new InputError({
      code: 'bad-checkpoint',
      where,
      expected: `a graph that ONNX Runtime ${verb}`,
      found: (cause as Error).message,
      fix: 'Import the checkpoint again; sorted-eval doctor <folder> tells more.',
      cause,
    });
  }
}

function toFeeds(TensorOf: typeof Tensor, inputs: Inputs): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [
      name,
      data instanceof Float32Array
        ? new TensorOf('float32', data, [...shape])
        : new TensorOf('int64', data, [...shape]),
    ]),
  );
}

function fromTensor(tensor: InferenceSession.OnnxValueMapType[string]): TypedOutput {
  return { data: tensor.data as Float32Array | BigInt64Array, shape: tensor.dims };
}
