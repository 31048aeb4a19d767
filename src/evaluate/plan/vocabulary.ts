import { ADDED_TOKENS, tokenizerFilesAmong } from '../../model/tokenizer/tokenizer-files.ts';
import type { FolderModel } from '../../sources/folder-source.ts';

/** True where a token id means the same in both models. */
export function haveOneVocabulary(a: FolderModel, b: FolderModel): boolean {
  return vocabularyDifference(a, b) === undefined;
}

/** What keeps the token ids of two models from meaning the same; undefined if nothing does. */
export function vocabularyDifference(a: FolderModel, b: FolderModel): string | undefined {
  const name = vocabularyFile(a);
  if (name !== vocabularyFile(b)) return `${name} and ${vocabularyFile(b)}`;
  if (shasOf(a) !== shasOf(b)) return `different ${name} files`;
  const sizeOf = ({ manifest }: FolderModel) => manifest.architecture.vocabSize;
  if (sizeOf(a) !== sizeOf(b)) return `vocabularies of ${sizeOf(a)} and ${sizeOf(b)} entries`;
  return undefined;
}

function vocabularyFile({ manifest }: FolderModel): string {
  return tokenizerFilesAmong(Object.keys(manifest.files))[0]!;
}

/** Of the files that give tokens their ids. */
function shasOf(model: FolderModel): string {
  const { files } = model.manifest;
  return String([vocabularyFile(model), ADDED_TOKENS].map((name) => files[name]?.sha256));
}
