/** What a model folder or a checkpoint must hold to be used. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../core/errors.js';
import { startBytes } from '../core/progress.js';
import { sha256 } from '../core/sha256.js';
import { humanBytes } from '../figures/chart/format-number.js';
import { isThere } from '../model/checkpoint/regular-file.js';
import { describeModel } from '../model/folder/describe.js';
import { readManifest } from '../model/folder/read-manifest.js';
import { totalSize } from '../model/folder/sub-model-sizes.js';
import { openTokenizer } from '../model/tokenizer/tokenizer.js';
import { exitChecks } from './check-exits.js';
import { availableMemory } from './check-machine.js';
import { check } from './check-result.js';
import { inspectWeights } from './check-weights.js';
const FIX = 'Import the checkpoint again: sorted-eval import <checkpoint> <folder> --replace.';
/** @throws InputError `not-found` for a folder that is neither; the signal's reason when it is aborted */
export async function folderChecks(folder, options) {
    requireModel(folder);
    const { record, value: model } = await described(folder);
    if (!model)
        return [record];
    const reports = new Map();
    const general = [
        record,
        await check('weights', () => finiteWeights(model, reports, options)),
        await check('tokenizer', () => tokenizer(folder)),
    ];
    if (model.form === 'checkpoint')
        return general;
    const hashes = await check('sha256', () => unchangedFiles(folder, reports));
    return [...general, hashes, await check('memory', () => memory(model)), ...(await exitChecks(folder))];
}
function requireModel(folder) {
    if (['model.json', 'config.json'].some((name) => isThere(join(folder, name))))
        return;
    throw new InputError({
        code: 'not-found',
        where: folder,
        expected: 'a model folder (with model.json) or a checkpoint (with config.json)',
        found: isThere(folder) ? 'neither' : 'no such folder',
        fix: 'Check the path.',
    });
}
/** Sizes, shapes, exits and graphs are checked when a model is described. */
async function described(folder) {
    let value;
    const record = await check('files', () => {
        value = describeModel(folder);
        const { form, kind, architecture, exits } = value;
        return `${form}, ${kind}, ${architecture.layers} layers, ${exits.length} exits`;
    });
    return value ? { record, value } : { record };
}
/** What was found in each file is put into `reports`. */
async function finiteWeights({ files }, reports, options) {
    await readWeights(files, reports, options);
    const damaged = [...reports].flatMap(([file, report]) => [...report.damaged].map(([tensor, count]) => `${tensor} (${count} in ${file})`));
    if (damaged.length === 0)
        return 'all numbers are finite';
    const more = damaged.length > 3 ? ` and ${damaged.length - 3} tensors more` : '';
    throw new InputError({
        code: 'bad-checkpoint',
        where: 'safetensors',
        expected: 'finite numbers',
        found: `NaN or infinity in ${damaged.slice(0, 3).join(', ')}${more}`,
        fix: 'Download or train the checkpoint again.',
    });
}
async function readWeights(files, reports, { progress, signal }) {
    const bytes = files.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
    const task = startBytes(progress, 'Reading weights', bytes);
    const reading = { onBytes: task.advance, ...(signal && { signal }) };
    try {
        for (const { path } of files)
            reports.set(basename(path), await inspectWeights(path, reading));
    }
    finally {
        task.end();
    }
}
function tokenizer(folder) {
    const ids = openTokenizer(folder).encode('Hello');
    return `“Hello” becomes ${ids.join(', ')}`;
}
/** Compares with model.json; files that were never hashed have nothing to compare with. */
function unchangedFiles(folder, reports) {
    const files = Object.entries(readManifest(folder).files);
    const known = files.filter(([, { sha256: expected }]) => expected !== null);
    const changed = known.filter(([name, { sha256: expected }]) => {
        return (reports.get(name)?.sha256 ?? sha256(readFileSync(join(folder, name)))) !== expected;
    });
    const unknown = files.length - known.length;
    const rest = unknown > 0 ? `, ${unknown} not hashed yet` : '';
    if (changed.length === 0)
        return `${known.length} files as model.json says${rest}`;
    throw new InputError({
        code: 'bad-checkpoint',
        where: changed.map(([name]) => name).join(', '),
        expected: 'the sha256 that model.json holds',
        found: 'other bytes',
        fix: FIX,
    });
}
/** Floats are float32 in memory, whatever they are stored in; other weights stay as they are. */
function memory(model) {
    const { parameters, bytes } = totalSize(model);
    const needed = model.precision === 'fp32' ? parameters * 4 : bytes;
    const available = availableMemory();
    if (needed <= available)
        return `weights need ${humanBytes(needed)} of ${humanBytes(available)} available`;
    throw new InputError({
        code: 'bad-machine',
        where: 'this machine',
        expected: `${humanBytes(needed)} of memory for the weights`,
        found: `${humanBytes(available)} available`,
        fix: 'End other programs, or use a larger machine.',
    });
}
