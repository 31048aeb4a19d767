/** Human labels against the judge's verdicts, counted. */
/** Ties first, as PandaLM's files number them: 0, 1, 2. */
export const LABELS = ['tie', '1', '2'];
export const VERDICTS = [...LABELS, 'malformed'];
/** Counts with a weight for each pair: the weight is how often a bootstrap drew it. */
export function confusionMatrix(pairs, rule, weightOf = () => 1) {
    const matrix = emptyMatrix();
    for (const [index, { label, verdict }] of pairs.entries()) {
        if (verdict === 'malformed' && rule === 'dropped')
            continue;
        const counted = verdict === 'malformed' && rule === 'tie' ? 'tie' : verdict;
        matrix[label][counted] += weightOf(index);
    }
    return matrix;
}
function emptyMatrix() {
    const row = () => ({ tie: 0, '1': 0, '2': 0, malformed: 0 });
    return { tie: row(), '1': row(), '2': row() };
}
