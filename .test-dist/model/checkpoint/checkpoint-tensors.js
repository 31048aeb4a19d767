import { basename } from 'node:path';
import { InputError } from '../../core/errors.js';
import { BYTES_PER_ELEMENT } from './safetensors.js';
const FLOATS = Object.keys(BYTES_PER_ELEMENT);
/**
 * The tensors of all files by name, once every expected one is there in its shape and no layer has one that would be left out.
 * @param expected asked for one by one, since a hostile config.json may name more layers than memory has room for
 * @throws InputError `bad-checkpoint` or `unsupported-model`
 */
export function requireTensors(files, expected, folder) {
    const tensors = collectTensors(files);
    const read = new Set();
    for (const tensor of expected) {
        checkTensor(tensors.get(tensor[0]), tensor, folder);
        read.add(tensor[0]);
    }
    refuseUnread(tensors, read);
    return tensors;
}
function collectTensors(files) {
    const tensors = new Map();
    for (const file of files) {
        for (const [name, place] of file.tensors) {
            const earlier = tensors.get(name);
            if (earlier)
                throw duplicateTensor(name, earlier.file, file.path);
            tensors.set(name, { ...place, file: file.path });
        }
    }
    return tensors;
}
function duplicateTensor(name, first, second) {
    return new InputError({
        code: 'bad-checkpoint',
        where: `${second}: ${name}`,
        expected: 'each tensor in one file',
        found: `it in ${basename(first)} too`,
        fix: 'Download the checkpoint again.',
    });
}
function checkTensor(tensor, [name, shape, dtypes = FLOATS], folder) {
    const expected = `${dtypes.join(', ')} of shape [${shape.join(', ')}]`;
    const fits = tensor !== undefined && dtypes.includes(tensor.dtype) && String(tensor.shape) === String(shape);
    if (fits)
        return;
    throw new InputError({
        code: 'bad-checkpoint',
        where: `${tensor?.file ?? folder}: ${name}`,
        expected,
        found: tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : 'no such tensor',
        fix: 'Check that config.json and the weights belong together.',
    });
}
/** A weight of a layer that no graph would read (a bias, a further layer) means that this is another network. */
function refuseUnread(tensors, read) {
    for (const [name, { file }] of tensors) {
        // Old checkpoints hold the rotary frequencies, which rope_theta determines.
        if (read.has(name) || !name.startsWith('model.layers.') || name.endsWith('.inv_freq'))
            continue;
        throw new InputError({
            code: 'unsupported-model',
            where: `${file}: ${name}`,
            expected: 'only the weights of the LLaMA network that config.json describes',
            found: 'one that would be left out',
            fix: 'Check that config.json and the weights belong together.',
        });
    }
}
