import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { InputError } from '../../core/errors.ts';
import { withoutTelemetry } from '../../core/runtime/telemetry.ts';
import { executionProvider } from '../../model/folder/provider.ts';

/**
 * The only file that imports ONNX Runtime. Tensors are row-major; inputs are read in place, outputs are new.
 */
export type FloatTensor = { readonly data: Float32Array; readonly shape: readonly number[] };
export type IntTensor = { readonly data: BigInt64Array; readonly shape: readonly number[] };
export type Inputs = Readonly<Record<string, FloatTensor | IntTensor>>;

interface TensorOf {
  readonly float32: FloatTensor;
  readonly int64: IntTensor;
}

/** Type of each output that is wanted, by its name. */
export type OutputTypes = Readonly<Record<string, keyof TensorOf>>;
export type Outputs<Types extends OutputTypes> = { readonly [Name in keyof Types]: TensorOf[Types[Name]] };

export interface Session {
  /**
   * Runs the graph and returns only the outputs that are named.
   * @throws InputError `bad-checkpoint` when ONNX Runtime refuses to run it, or an output has another type
   */
  run<const Types extends OutputTypes>(inputs: Inputs, types: Types): Promise<Outputs<Types>>;
  close(): Promise<void>;
}

/**
 * Loaded at its first use: most commands need not wait for it, and `doctor` can report why it does not load.
 */
async function onnxRuntime() {
  withoutTelemetry();
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

// Otherwise idle threads of one segment's session spin and take the cores from the next segment's.
const SESSION = { intra_op: { allow_spinning: '0' } };

const OPTIONS: InferenceSession.SessionOptions = {
  graphOptimizationLevel: 'all',
  // Fatal only: errors arrive as exceptions and must not be printed twice.
  logSeverityLevel: 4,
  // Every step has another shape: memory patterns would be collected for each and never used again.
  enableMemPattern: false,
  extra: { session: SESSION },
};

/**
 * Opens a graph from a file (with its external data beside it) or from bytes.
 * @param threads of one run; default: one per core
 * @param dataFolder of the external data of a graph from bytes
 * @throws InputError `bad-checkpoint` for a file that ONNX Runtime refuses, to open or to run
 */
export async function openSession(
  model: string | Uint8Array,
  threads?: number,
  dataFolder?: string,
): Promise<Session> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const place = typeof model === 'string' ? model : (dataFolder ?? 'a graph made in memory');
  // The library has one signature per kind of model; both take the same options.
  const session = await orRefuse(place, 'opens', () =>
    InferenceSession.create(model as string, options(threads, dataFolder)),
  );
  return {
    run: (inputs, types) =>
      orRefuse(place, 'runs', async () =>
        typedOutputs(await session.run(toFeeds(Tensor, inputs), Object.keys(types)), types),
      ),
    close: () => session.release(),
  };
}

/** Version, and the execution providers of this build. */
export async function runtimeVersion(): Promise<{ version: string; providers: readonly string[] }> {
  const { env, listSupportedBackends } = await onnxRuntime();
  return { version: `${env.versions.node}`, providers: listSupportedBackends().map(({ name }) => name) };
}

function options(threads?: number, dataFolder?: string): InferenceSession.SessionOptions {
  const intraOp = threads === undefined ? {} : { intraOpNumThreads: threads };
  const session = { ...SESSION, model_external_initializers_file_folder_path: dataFolder };
  const extra = dataFolder === undefined ? {} : { extra: { session } };
  return { ...OPTIONS, ...extra, ...intraOp, executionProviders: [executionProvider()] };
}

/**
 * The graphs were checked before: what remains is a model.json that contradicts them, or too little memory.
 */
async function orRefuse<T>(where: string, verb: 'opens' | 'runs', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new InputError({
      code: 'bad-checkpoint',
      where,
      expected: `a graph that ONNX Runtime ${verb}`,
      found: (cause as Error).message,
      fix: 'Import the checkpoint again; sorted-eval doctor <folder> has details.',
      cause,
    });
  }
}

function toFeeds(TensorClass: typeof Tensor, inputs: Inputs): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [
      name,
      data instanceof Float32Array
        ? new TensorClass('float32', data, [...shape])
        : new TensorClass('int64', data, [...shape]),
    ]),
  );
}

function typedOutputs<Types extends OutputTypes>(
  results: InferenceSession.OnnxValueMapType,
  types: Types,
): Outputs<Types> {
  const typed = Object.entries(types).map(([name, type]) => {
    const tensor = results[name]!;
    if (tensor.type !== type) throw new Error(`output ${name} is ${tensor.type}, not ${type}`);
    return [name, { data: tensor.data, shape: tensor.dims }];
  });
  return Object.fromEntries(typed);
}
