/**
 * Counts what the sessions of ONNX Runtime do in a process and in its threads:
 *
 *     SORTED_EVAL_RUNS=/tmp/runs.jsonl node --import ./scripts/bench/programs/count-runs.mjs dist/bin.js sweep
 *
 * Each session adds a line to that file when it is closed: see `SessionRuns` in ../session-runs.ts. FLOPs are those of the
 * products with weights, two for each weight and token; attention and all else count nothing.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The copy that the program's own onnxruntime-node loads, not that of the baselines in scripts/bench; it loads no native library.
const project = createRequire(new URL('../../../package.json', import.meta.url));
const { InferenceSession } = createRequire(project.resolve('onnxruntime-node'))('onnxruntime-common');
const place = process.env['SORTED_EVAL_RUNS'];
const create = InferenceSession.create;

InferenceSession.create = async (model, options) => {
  const session = await create.call(InferenceSession, model, options);
  const folder = typeof model === 'string' ? dirname(model) : dataFolder(options);
  return counted(session, folder && architectureOf(folder));
};

function dataFolder(options) {
  return options?.extra?.session?.model_external_initializers_file_folder_path;
}

function architectureOf(folder) {
  const manifest = join(folder, 'model.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).architecture : undefined;
}

function counted(session, architecture) {
  const counts = { runs: 0, seconds: 0, layersFlops: 0, headsFlops: 0 };
  const { run, release } = session;
  session.run = async (feeds, ...rest) => {
    const startedAt = performance.now();
    const results = await run.call(session, feeds, ...rest);
    counts.runs++;
    counts.seconds += (performance.now() - startedAt) / 1000;
    counts.layersFlops += layersFlops(feeds, architecture);
    counts.headsFlops += headsFlops(feeds, architecture);
    return results;
  };
  session.release = () => {
    appendFileSync(place, `${JSON.stringify(counts)}\n`);
    return release.call(session);
  };
  return session;
}

/** A graph of layers reads past keys of each of them. */
function layersFlops(feeds, architecture) {
  const layers = Object.keys(feeds).filter((name) => name.startsWith('past_key')).length;
  if (layers === 0) return 0;
  const { hiddenSize: D, intermediateSize: F, heads, kvHeads, headDim } = architecture;
  const [rows, tokens] = feeds.position_ids.dims;
  return 2 * rows * tokens * layers * (2 * D * heads * headDim + 2 * D * kvHeads * headDim + 3 * D * F);
}

/** A head reads hidden states [N, D]; graphs of KL and likelihood get their heads [V, D] as inputs. */
function headsFlops(feeds, architecture) {
  if (feeds.position_ids) return 0;
  const { hidden } = feeds;
  const own = Object.keys(feeds).filter((name) => /^(reference_)?head(\.\d+)?$/.test(name));
  if (own.length === 0) return hidden ? 2 * hidden.dims[0] * architecture.vocabSize * hidden.dims[1] : 0;
  return own.reduce((sum, name) => {
    const rows = elements(feeds[name.replace('head', 'hidden')]) / feeds[name].dims[1];
    return sum + 2 * rows * elements(feeds[name]);
  }, 0);
}

function elements({ dims }) {
  return dims.reduce((product, length) => product * length, 1);
}
