import { orderedKey } from '../../core/content-key.js';
import { TOKENIZER_VERSION } from '../tokenizer/tokenizer.js';
import { architectureKey } from './architecture-key.js';
import { headOfExit } from './manifest.js';
import { executionProvider } from './provider.js';
/**
 * Identity of what a sub-model computes: the bytes of its weights up to the exit, its head, the network's shape, the
 * graphs' version, precision, execution provider and tokenizer. Equal keys give equal responses, so an early-exit model's
 * last exit has the key of the SFT model's last exit, and nothing made by one model can be served for another.
 * @param manifest with all files hashed (`hashFiles`)
 * @returns 64 hex digits
 */
export function subModelKey(manifest, exit) {
    const head = headOfExit(manifest, exit, 'exit');
    const shaOf = (file) => {
        const sha = manifest.files[file]?.sha256;
        if (!sha)
            throw new Error(`${file} was not hashed before its content key was computed`);
        return sha;
    };
    const segments = manifest.segments.filter((segment) => segment.exit <= exit);
    return orderedKey({
        graphVersion: manifest.graphVersion,
        precision: manifest.precision,
        provider: executionProvider(),
        architecture: architectureKey(manifest.architecture),
        exit,
        layers: [...new Set(segments.flatMap((segment) => segment.weights.map(shaOf)))],
        norm: [shaOf(head.norm.file), head.norm.tensor],
        head: [shaOf(head.head.file), head.head.tensor],
        tokenizer: [TOKENIZER_VERSION, shaOf('tokenizer.json'), shaOf('tokenizer_config.json')],
    });
}
