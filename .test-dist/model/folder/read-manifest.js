import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../../core/errors.js';
import { sha256 } from '../../core/sha256.js';
import { requireTensors } from '../checkpoint/checkpoint-tensors.js';
import { checkExits } from '../checkpoint/exits-file.js';
import { readModelJson } from '../checkpoint/model-json.js';
import { regularFileBytes } from '../checkpoint/regular-file.js';
import { readSafetensorsHeader } from '../checkpoint/safetensors.js';
import { storedTensors, weightsIn } from '../quantise/stored-tensors.js';
import { isQuantised } from '../quantise/weight-place.js';
import { MANIFEST_FILE, manifestSchema } from './manifest.js';
import { filesOfSegment } from './write-graphs.js';
const FIX = 'Import the checkpoint again: sorted-eval import <checkpoint> <folder>.';
/**
 * Reads a model folder's model.json and checks that the folder holds what it says: files at their sizes, graphs as they
 * were written, weights of the network's shape where the graphs look for them, segments and heads for every exit. The
 * weights themselves are not read.
 * @throws InputError `not-found`, `not-json`, `bad-schema` or `bad-checkpoint`
 */
export function readManifest(folder) {
    const options = { fix: FIX, code: 'bad-schema' };
    const manifest = readModelJson(join(folder, MANIFEST_FILE), manifestSchema, options);
    for (const [name, { bytes }] of Object.entries(manifest.files))
        requireSize(join(folder, name), bytes);
    for (const name of graphsOf(manifest))
        requireUnchanged(folder, name, manifest);
    checkExitsOf(folder, manifest);
    checkWeights(folder, manifest);
    return manifest;
}
function requireSize(path, expected) {
    const found = regularFileBytes(path, `a file of ${expected} bytes`, FIX);
    if (found !== expected)
        throw broken(path, `${expected} bytes`, `${found} bytes`);
}
/** Names of the safetensors files that the graphs point into. */
export function weightFilesOf({ segments, heads }) {
    const places = heads.flatMap(({ norm, head }) => [norm, head]);
    return [...new Set([...segments.flatMap(({ weights }) => weights), ...places.map(({ file }) => file)])];
}
function graphsOf({ segments, heads, beams }) {
    return [...segments.map(({ file }) => file), ...heads.map(({ file }) => file), beams.layers, beams.head];
}
/** Graphs are no part of the content keys, so one that was changed would answer in the name of the one that was not. */
function requireUnchanged(folder, name, { files }) {
    const path = join(folder, name);
    const expected = files[name]?.sha256;
    if (!expected)
        throw broken(path, 'a graph whose sha256 model.json holds', 'none');
    const found = sha256(readFileSync(path));
    if (found !== expected)
        throw broken(path, `the graph of sha256 ${expected}`, `one of sha256 ${found}`);
}
function checkExitsOf(folder, { exits, segments, heads, architecture }) {
    const where = join(folder, MANIFEST_FILE);
    checkExits(exits, architecture.layers, `${where}: exits`);
    const found = { segments: segments.map(({ exit }) => exit), heads: heads.flatMap((head) => head.exits) };
    for (const [key, ends] of Object.entries(found)) {
        if (String(ends) === String(exits))
            continue;
        throw broken(`${where}: ${key}`, `one for each of the exits ${exits.join(', ')}`, `[${ends.join(', ')}]`);
    }
}
function checkWeights(folder, manifest) {
    const { segments, heads, files, architecture, kind, exits, precision } = manifest;
    const names = weightFilesOf(manifest);
    for (const name of names) {
        const expected = `one of the files of ${MANIFEST_FILE}`;
        if (!Object.hasOwn(files, name))
            throw broken(join(folder, name), expected, 'another one');
    }
    const headers = names.map((name) => readSafetensorsHeader(join(folder, name)));
    const exitHeads = kind === 'early-exit' ? exits : [];
    const tensors = requireTensors(headers, storedTensors(architecture, exitHeads, precision), folder);
    const stored = weightsIn(tensors, architecture, exitHeads, precision);
    for (const place of heads.flatMap(({ norm, head }) => [norm, head]))
        requirePlace(folder, place, stored.get(place.tensor));
    // Content keys go by these names: a file left out could be exchanged without anybody noticing.
    for (const [index, { weights }] of segments.entries()) {
        const held = filesOfSegment(manifest, index, (name) => basename(stored.get(name).file));
        if (String(held) === String(weights))
            continue;
        throw broken(`${join(folder, MANIFEST_FILE)}: segments.${index}.weights`, `${held}`, `[${weights}]`);
    }
}
function requirePlace(folder, place, weight) {
    const [expected, found] = [weight, place].map((it) => it && describePlace(it));
    if (expected === found)
        return;
    throw broken(`${join(folder, MANIFEST_FILE)}: ${place.tensor}`, `${expected ?? 'a tensor of the file'}`, `${found}`);
}
function describePlace(place) {
    const { dtype, shape, bytes, offset, file } = place;
    const scales = isQuantised(place) ? `, scales from ${place.scalesOffset}` : '';
    return `${dtype} [${shape}], ${bytes} bytes from ${offset} of ${basename(file)}${scales}`;
}
function broken(where, expected, found) {
    return new InputError({ code: 'bad-checkpoint', where, expected, found, fix: FIX });
}
