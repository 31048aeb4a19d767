import type { FolderModel } from '../../sources/folder-source.ts';

/** True where a token id means the same in both models. */
export function haveOneVocabulary(a: FolderModel, b: FolderModel): boolean {
  return vocabularyDifference(a, b) === undefined;
}

/** What keeps the token ids of two models from meaning the same; undefined if nothing does. */
export function vocabularyDifference(a: FolderModel, b: FolderModel): string | undefined {
  const shaOf = ({ manifest }: FolderModel) => manifest.files['tokenizer.json']!.sha256;
  if (shaOf(a) !== shaOf(b)) return 'different tokenizer.json files';
  const sizeOf = ({ manifest }: FolderModel) => manifest.architecture.vocabSize;
  if (sizeOf(a) !== sizeOf(b)) return `vocabularies of ${sizeOf(a)} and ${sizeOf(b)} entries`;
  return undefined;
}
