/** True where a token id means the same in both models. */
export function haveOneVocabulary(a, b) {
    return vocabularyDifference(a, b) === undefined;
}
/** What keeps the token ids of two models from meaning the same; undefined where nothing does. */
export function vocabularyDifference(a, b) {
    const shaOf = ({ manifest }) => manifest.files['tokenizer.json'].sha256;
    if (shaOf(a) !== shaOf(b))
        return 'different tokenizer.json files';
    const sizeOf = ({ manifest }) => manifest.architecture.vocabSize;
    if (sizeOf(a) !== sizeOf(b))
        return `vocabularies of ${sizeOf(a)} and ${sizeOf(b)} entries`;
    return undefined;
}
