import type { SegmentedModel } from '../../src/engine/session/segmented-model.ts';

/** Bytes of a hidden state [D]: equal only when every number is, to the last bit. */
export type HiddenBits = string;

export interface HiddenRecorder {
  /** Hidden states of all rows that reached a head since the last `take`, in the order in which they came. */
  take(): HiddenBits[];
}

const recorders = new WeakMap<SegmentedModel, HiddenRecorder>();

/** Listens to what reaches the heads of a network; a network has one recorder. */
export function recordHidden(network: SegmentedModel): HiddenRecorder {
  const recorder = recorders.get(network) ?? attachRecorder(network);
  recorders.set(network, recorder);
  recorder.take();
  return recorder;
}

function attachRecorder(network: SegmentedModel): HiddenRecorder {
  const { hiddenSize } = network.manifest.architecture;
  const seen: HiddenBits[] = [];
  const run = network.nextTokens.bind(network);
  network.nextTokens = (headFile, hidden) => {
    for (let start = 0; start < hidden.length; start += hiddenSize) {
      seen.push(bitsOf(hidden.subarray(start, start + hiddenSize)));
    }
    return run(headFile, hidden);
  };
  return { take: () => seen.splice(0) };
}

export function bitsOf(hidden: Float32Array): HiddenBits {
  return Buffer.from(hidden.buffer, hidden.byteOffset, hidden.byteLength).toString('base64');
}
