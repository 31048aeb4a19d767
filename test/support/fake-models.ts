import type { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import type { LayerOutput } from '../../src/engine/session/layer-session.ts';
import type { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import type { StepInput } from '../../src/engine/session/step-input.ts';
import type { Manifest } from '../../src/model/folder/manifest.ts';

/**
 * Models without weights or sessions. The hidden state of a token is [its id, the sum of all ids that it
 * attends to], and each layer stores the id as key and as value: so a wrong mask, a wrong place in a cache or
 * a wrong row changes tokens.
 */
const WIDTH = 2;
export const FAKE_VOCABULARY = 97;

export interface FakeOptions {
  readonly exits?: readonly number[];
  readonly contextLength?: number;
  /** One head for each exit, as early-exit models have them; otherwise one for all. */
  readonly ownHeads?: boolean;
}

export interface Recorded {
  /** Every step that ran, in order. */
  readonly steps: StepInput[];
  /** Rows of every run of a head. */
  readonly headRows: number[];
}

/** The greedy token after a sequence of ids at an exit. */
export function fakeNext(ids: readonly number[], headFile = 'head.onnx'): number {
  return nextAfter(
    ids.reduce((sum, id) => sum + id, 0),
    headFile,
  );
}

export function fakeSegmentedModel(options: FakeOptions = {}): SegmentedModel & Recorded {
  const manifest = fakeManifest(options);
  const { steps, headRows }: Recorded = { steps: [], headRows: [] };
  const model = {
    manifest,
    steps,
    headRows,
    runSegment: async (index: number, input: BigInt64Array | Float32Array, step: StepInput) => {
      steps.push(step);
      const first = manifest.segments[index - 1]?.exit ?? 0;
      return runLayers(input, step, range(first, manifest.segments[index]!.exit));
    },
    nextTokens: async (headFile: string, hidden: Float32Array) => {
      const sums = sumsOf(hidden);
      headRows.push(sums.length);
      return sums.map((sum) => nextAfter(sum, headFile));
    },
    /** As sure as the token is large. */
    confidentTokens: async (headFile: string, hidden: Float32Array) =>
      sumsOf(hidden).map((sum) => {
        const id = nextAfter(sum, headFile);
        return { id, largest: id / FAKE_VOCABULARY, second: 0 };
      }),
    ropeOf: () => undefined,
    rotationOf: () => 0,
    close: async () => {},
  };
  return model as unknown as SegmentedModel & Recorded;
}

/** Of each row it proposes the tokens next to the greedy one, each a nat less likely than the one before. */
export function fakeFullDepthModel(options: FakeOptions & { readonly minRows?: number } = {}) {
  const manifest = fakeManifest(options);
  const { steps, headRows }: Recorded = { steps: [], headRows: [] };
  const model = {
    manifest,
    minRows: options.minRows ?? 1,
    steps,
    headRows,
    run: async (ids: BigInt64Array, step: StepInput) => {
      steps.push(step);
      return runLayers(ids, step, range(0, manifest.architecture.layers));
    },
    topTokens: async ({ hidden, scores, k }: { hidden: Float32Array; scores: Float32Array; k: number }) => {
      const sums = sumsOf(hidden);
      headRows.push(sums.length);
      const ranks = range(0, k);
      return {
        ids: sums.flatMap((sum) =>
          ranks.map((rank) => (nextAfter(sum, 'head.onnx') + rank) % FAKE_VOCABULARY),
        ),
        scores: Float32Array.from([...scores].flatMap((score) => ranks.map((rank) => score - rank - 0.5))),
      };
    },
    ropeOf: () => undefined,
    rotationOf: () => 0,
    close: async () => {},
  };
  return model as unknown as FullDepthModel & Recorded;
}

function fakeManifest({ exits = [1, 2, 4], contextLength = 200, ownHeads = false }: FakeOptions): Manifest {
  const files = ownHeads ? exits.map((exit) => ({ file: `head-${exit}.onnx`, exits: [exit] })) : undefined;
  return {
    architecture: {
      ...{ hiddenSize: WIDTH, layers: exits.at(-1)!, heads: 1, kvHeads: 1, headDim: 1, contextLength },
      vocabSize: FAKE_VOCABULARY,
    },
    exits,
    segments: exits.map((exit) => ({ exit, file: `segment-${exit}.onnx` })),
    heads: files ?? [{ file: 'head.onnx', exits }],
    eosTokenIds: [],
  } as unknown as Manifest;
}

function nextAfter(sum: number, headFile: string): number {
  return (sum * 31 + headFile.length * 5 + 7) % FAKE_VOCABULARY;
}

/** Ids [rows, S] or states [rows, S, 2] → states and, for each layer, keys and values [rows, 1, S, 1]. */
function runLayers(
  input: BigInt64Array | Float32Array,
  step: StepInput,
  layers: readonly number[],
): LayerOutput {
  const { rows, queryLength: S, mask, past, isStepwise } = step;
  const ids = Float32Array.from({ length: rows * S }, (_, token) =>
    input instanceof BigInt64Array ? Number(input[token]!) : input[token * WIDTH]!,
  );
  const width = past.capacity + (isStepwise ? 1 : S);
  const hidden = new Float32Array(rows * S * WIDTH);
  for (let token = 0; token < rows * S; token++) {
    const row = Math.floor(token / S);
    const stored = past.view(layers[0]!, rows).keys.slice(row * past.capacity, (row + 1) * past.capacity);
    const own = ids.subarray(row * S, (row + 1) * S);
    const positions = step.positionIds.subarray(row * S, (row + 1) * S);
    if (isStepwise) for (const [index, id] of own.entries()) stored[Number(positions[index])] = id;
    const present = isStepwise ? ids.subarray(token, token + 1) : own;
    const attended = [...stored, ...present].filter((_, position) => mask[token * width + position] === 0);
    hidden.set([ids[token]!, attended.reduce((sum, id) => sum + id, 0)], token * WIDTH);
  }
  return { hidden, present: layers.map((layer) => ({ layer, keys: ids.slice(), values: ids.slice() })) };
}

const sumsOf = (hidden: Float32Array): number[] =>
  Array.from({ length: hidden.length / WIDTH }, (_, row) => hidden[row * WIDTH + 1]!);

const range = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, index) => start + index);
