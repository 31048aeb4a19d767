import { sha256 } from '../../core/sha256.ts';
import { ADDED_TOKENS, tokenizerFilesAmong } from './tokenizer-files.ts';

interface HashedFiles {
  readonly files: Readonly<Record<string, { readonly sha256: string | null }>>;
}

/**
 * Of the files that give tokens their ids, as servers give it (docs/server-api.md): equal ones give equal ids.
 * @param files with their hashes
 */
export function tokenizerSha256({ files }: HashedFiles): string {
  const [vocabulary] = tokenizerFilesAmong(Object.keys(files));
  const shas = [vocabulary!, ADDED_TOKENS].flatMap((name) => files[name]?.sha256 ?? []);
  return sha256OfAll(shas);
}

/** Of hashes in hexadecimal digits: each once, sorted, a line each. */
export function sha256OfAll(shas: readonly string[]): string {
  const lines = [...new Set(shas)].sort().map((sha) => `${sha}\n`);
  return sha256(lines.join(''));
}
