import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../core/errors.js';
import { headOfExit, MANIFEST_FILE } from '../model/folder/manifest.js';
import { readManifest } from '../model/folder/read-manifest.js';
import { subModelKey } from '../model/folder/sub-model-key.js';
import { openTokenizer } from '../model/tokenizer/tokenizer.js';
import { prepareAnswers, prepareEndpoint } from './foreign-models.js';
import { hashModel } from './hash-model.js';
import { importModel } from './import-model.js';
export const isFolderModel = (model) => model.source === 'folder';
/** Checkpoints are imported here, beside the results. Names of models do not start with a dot, so `.judge` is free. */
const MODELS_FOLDER = 'models';
const JUDGE_FOLDER = '.judge';
export async function prepareModels(config, instructions, options) {
    const models = new Map();
    for (const [name, model] of Object.entries(config.models)) {
        if ('path' in model)
            models.set(name, await prepareFolderModel(name, model, config.output, options));
        else if ('endpoint' in model)
            models.set(name, prepareEndpoint(name, model));
        else
            models.set(name, prepareAnswers(name, model, instructions));
    }
    return models;
}
async function prepareFolderModel(name, { path, label, exits, precision }, output, options) {
    const { folder, manifest } = await prepareFolder(path, join(output, MODELS_FOLDER, name), options, {
        ...(exits && { exits }),
        ...(precision && { precision }),
    });
    const used = exits ?? manifest.exits;
    for (const exit of used)
        headOfExit(manifest, exit, `models.${name}.exits`);
    return {
        source: 'folder',
        name,
        label: label ?? name,
        folder,
        manifest,
        tokenizer: openTokenizer(folder),
        exits: used,
        keys: new Map(used.map((exit) => [exit, subModelKey(manifest, exit)])),
    };
}
/** Model folder of the judge. */
export async function prepareJudgeFolder({ path, precision }, output, options) {
    const importedFolder = join(output, MODELS_FOLDER, JUDGE_FOLDER);
    const { folder } = await prepareFolder(path, importedFolder, options, precision ? { precision } : {});
    return folder;
}
/** A checkpoint is imported; a model folder is used where it lies. */
async function prepareFolder(path, importedFolder, options, wanted) {
    if (!existsSync(join(path, MANIFEST_FILE))) {
        const manifest = await importModel(path, importedFolder, { ...wanted, replace: 'if-changed' }, options);
        return { folder: importedFolder, manifest: await hashModel(importedFolder, manifest, options) };
    }
    const manifest = readManifest(path);
    if (wanted.precision !== undefined)
        requirePrecision(path, manifest, wanted.precision);
    return { folder: path, manifest: await hashModel(path, manifest, options) };
}
function requirePrecision(path, { precision: found }, expected) {
    if (found === expected)
        return;
    throw new InputError({
        code: 'bad-config',
        where: path,
        expected: `a model folder at ${expected}, as the sweep file says`,
        found: `one at ${found}`,
        fix: `Import its checkpoint with --precision ${expected}, or leave \`precision\` out.`,
    });
}
/** @throws InputError `unknown-exit` */
export function requireExit(model, exit, where) {
    if (model.exits.includes(exit))
        return;
    throw new InputError({
        code: 'unknown-exit',
        where,
        expected: `one of the exits ${model.exits.join(', ')} of ${model.name}`,
        found: `${exit}`,
        fix: 'Name one of these.',
    });
}
