import { orderedKey } from '../../core/content-key.ts';
import type { JsonValue } from '../../core/json.ts';
import { TOKENIZER_VERSION } from '../tokenizer/tokenizer.ts';
import { TOKENIZER_MODEL, tokenizerFilesAmong } from '../tokenizer/tokenizer-files.ts';
import { architectureKey } from './architecture-key.ts';
import { headOfExit, type Manifest } from './manifest.ts';
import { executionProvider } from './provider.ts';

/**
 * Identity of what a sub-model computes: the bytes of its weights up to the exit, its head, the network's
 * shape, the graphs' version, precision, execution provider and tokenizer. Equal keys give equal responses,
 * so an early-exit model's last exit has the key of the SFT model's last exit, and nothing made by one model
 * can be served for another.
 * @param manifest with all files hashed (`hashFiles`)
 * @returns 64 hex digits
 */
export function subModelKey(manifest: Manifest, exit: number): string {
  const head = headOfExit(manifest, exit, 'exit');
  const shaOf = (file: string) => {
    const sha = manifest.files[file]?.sha256;
    if (!sha) throw new Error(`${file} was not hashed before its content key was computed`);
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
    tokenizer: [TOKENIZER_VERSION, ...tokenizerKey(manifest, shaOf)],
  });
}

/** Files of tokenizer.json by their place, as in the first keys; others by their names. The first token where it was decided. */
function tokenizerKey({ files, bosTokenId }: Manifest, shaOf: (file: string) => string): JsonValue[] {
  const names = tokenizerFilesAmong(Object.keys(files));
  const shas = names.includes(TOKENIZER_MODEL)
    ? [Object.fromEntries(names.map((name) => [name, shaOf(name)]))]
    : names.map(shaOf);
  return bosTokenId === undefined ? shas : [...shas, { bosTokenId }];
}
