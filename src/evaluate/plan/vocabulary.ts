import { type MeasuredModel, shapeOf } from '../../sources/served/measured-model.ts';

/** True where a token id means the same in both models. */
export function haveOneVocabulary(a: MeasuredModel, b: MeasuredModel): boolean {
  return vocabularyDifference(a, b) === undefined;
}

/** What keeps the token ids of two models from meaning the same; undefined if nothing does. */
export function vocabularyDifference(a: MeasuredModel, b: MeasuredModel): string | undefined {
  const [one, other] = [shapeOf(a), shapeOf(b)];
  if (one.tokenizerSha256 !== other.tokenizerSha256) return 'different tokenizer files';
  if (one.vocabSize === other.vocabSize) return undefined;
  return `vocabularies of ${one.vocabSize} and ${other.vocabSize} entries`;
}
