import { constants, copyFileSync, existsSync, linkSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { sha256OfSmallFile } from '../../core/sha256.js';
import { openCheckpoint } from '../checkpoint/checkpoint.js';
import { requireTensors } from '../checkpoint/checkpoint-tensors.js';
import { storedTensors, weightsIn } from '../quantise/stored-tensors.js';
import { bytesToQuantise, quantisedFiles, writeQuantised } from '../quantise/write-quantised.js';
import { openTokenizer } from '../tokenizer/tokenizer.js';
import { fingerprint, OPTIONAL_FILES, REQUIRED_FILES } from './fingerprint.js';
import { alreadyThere, notWritable } from './import-errors.js';
import { GRAPH_VERSION, MANIFEST_FILE, writeManifest } from './manifest.js';
import { writeBeamGraphs, writeHeads, writeSegments } from './write-graphs.js';
/**
 * Turns a Hugging Face checkpoint into a model folder. At fp32 its graphs point into the checkpoint's own safetensors
 * files, which are hard-linked (copied across file systems), and nothing is converted; otherwise a quantised copy of the
 * weights is written. The folder appears whole or not at all.
 * @throws InputError when the checkpoint does not fit or the folder cannot be written
 */
export function importCheckpoint(source, out, options = {}) {
    const steps = importInSteps(source, out, options);
    for (;;) {
        const step = steps.next();
        if (step.done)
            return step.value;
    }
}
/**
 * The same, while other work goes on.
 * @throws InputError as above; the signal's reason when it is aborted
 */
export async function importWatched(source, out, { signal, onBytes, ...options }) {
    const steps = importInSteps(source, out, options);
    for (let step = steps.next();; step = signal?.aborted ? steps.throw(signal.reason) : steps.next()) {
        if (step.done)
            return step.value;
        onBytes?.(step.value.bytes, step.value.total);
        await setImmediate();
    }
}
function* importInSteps(source, out, options) {
    const checkpoint = openCheckpoint(source, options.exits);
    openTokenizer(source);
    if (existsSync(out) && !(options.replace && isModelFolder(out)))
        throw alreadyThere(out, options.replace === true);
    const partial = `${resolve(out)}.partial-${process.pid}`;
    try {
        mkdirSync(partial, { recursive: true });
        const manifest = yield* writeFolder(checkpoint, partial, options.precision ?? 'fp32');
        rmSync(out, { recursive: true, force: true });
        renameSync(partial, out);
        return manifest;
    }
    catch (cause) {
        throw cause.syscall ? notWritable(out, cause) : cause;
    }
    finally {
        if (existsSync(partial))
            rmSync(partial, { recursive: true });
    }
}
function* writeFolder(checkpoint, folder, precision) {
    const files = yield* writeWeights(checkpoint, folder, precision);
    for (const name of [...REQUIRED_FILES, ...OPTIONAL_FILES]) {
        if (existsSync(join(checkpoint.folder, name))) {
            copyFileSync(join(checkpoint.folder, name), join(folder, name));
        }
    }
    const manifest = {
        format: 1,
        graphVersion: GRAPH_VERSION,
        kind: checkpoint.kind,
        precision,
        architecture: checkpoint.architecture,
        exits: [...checkpoint.exits],
        eosTokenIds: [...checkpoint.eosTokenIds],
        ...writeGraphs(checkpoint, files, folder, precision),
        notes: [...checkpoint.notes],
        source: { folder: resolve(checkpoint.folder), fingerprint: fingerprint(checkpoint, precision) },
    };
    writeManifest(folder, manifest);
    return manifest;
}
/** Puts the weights into the folder and gives back the headers of their files. */
function* writeWeights(checkpoint, folder, precision) {
    if (precision === 'fp32') {
        for (const { path } of checkpoint.files)
            linkOrCopy(path, join(folder, basename(path)));
        return checkpoint.files;
    }
    const total = bytesToQuantise(checkpoint);
    for (const bytes of writeQuantised(checkpoint, folder, precision))
        yield { bytes, total };
    return quantisedFiles(checkpoint, folder);
}
function writeGraphs({ architecture, kind, exits, folder: source }, files, folder, precision) {
    const exitHeads = kind === 'early-exit' ? exits : [];
    const tensors = requireTensors(files, storedTensors(architecture, exitHeads, precision), source);
    const graphs = {
        architecture,
        kind,
        exits,
        weights: weightsIn(tensors, architecture, exitHeads, precision),
    };
    const segments = writeSegments(graphs, folder);
    const heads = writeHeads(graphs, folder);
    const beams = writeBeamGraphs(graphs, folder, heads.at(-1));
    const names = [...[...segments, ...heads].map(({ file }) => file), beams.layers, beams.head];
    const weights = files.map(({ path }) => basename(path));
    return { segments, heads, beams, files: describeFiles(folder, weights, names) };
}
function describeFiles(folder, weights, graphs) {
    const small = [...graphs, ...REQUIRED_FILES, ...OPTIONAL_FILES].filter((name) => existsSync(join(folder, name)));
    const describe = (name, hash) => {
        const { size, mtimeMs } = statSync(join(folder, name));
        return [name, { bytes: size, mtimeMs, sha256: hash ? sha256OfSmallFile(join(folder, name)) : null }];
    };
    return Object.fromEntries([
        ...weights.map((name) => describe(name, false)),
        ...small.map((name) => describe(name, true)),
    ]);
}
/** ONNX Runtime refuses external data outside the model's folder; a hard link is inside and costs nothing. */
function linkOrCopy(path, target) {
    const real = realpathSync(path);
    try {
        linkSync(real, target);
    }
    catch {
        // Another file system, or one without links; a copy that fails as well says why.
        copyFileSync(real, target, constants.COPYFILE_EXCL);
    }
}
/** Replacing deletes, so it must not hit a checkpoint or a folder of something else. */
function isModelFolder(folder) {
    return existsSync(join(folder, MANIFEST_FILE));
}
