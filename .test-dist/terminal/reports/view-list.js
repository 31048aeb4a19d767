/** What `query` prints when no view is named. */
const MATRIX = 'Prints as a matrix; with --columns as rows.';
/** Each view with its sentence and its columns, no line longer than `width`. */
export function viewListText(views, width = 80) {
    return views
        .map(({ name, description, columns, matrix }) => {
        const sentence = matrix ? `${description} ${MATRIX}` : description;
        return [name, wrapped(sentence, width), wrapped(columns.join(', '), width)].join('\n');
    })
        .join('\n\n')
        .concat('\n');
}
function wrapped(text, width) {
    const indent = '  ';
    const lines = [];
    for (const word of text.split(' ')) {
        const last = lines.at(-1);
        if (last !== undefined && last.length + 1 + word.length <= width)
            lines[lines.length - 1] = `${last} ${word}`;
        else
            lines.push(`${indent}${word}`);
    }
    return lines.join('\n');
}
