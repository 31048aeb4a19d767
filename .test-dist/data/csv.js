/** CSV as spreadsheets and scripts write it (RFC 4180), and comment lines that start with `#`. */
/** One field with what ends it. Quoted: doubled quotes inside, line breaks too. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;
/**
 * The records of a text, header included; empty lines and comment lines are left out. Undefined where a quote does not
 * close, or text stands beside one.
 */
export function parseCsv(text) {
    const records = [];
    let line = 1;
    for (let start = 0; start < text.length;) {
        const record = isComment(text, start) ? skipLine(text, start) : readRecord(text, start);
        if (record === undefined)
            return undefined;
        const { fields, end } = record;
        if (fields.length > 1 || (fields[0] ?? '') !== '')
            records.push({ line, fields });
        line += lineBreaks(text.slice(start, end));
        start = end;
    }
    return records;
}
function isComment(text, start) {
    return text[start] === '#';
}
function skipLine(text, start) {
    const lineBreak = text.indexOf('\n', start);
    return { fields: [], end: lineBreak === -1 ? text.length : lineBreak + 1 };
}
function readRecord(text, start) {
    const fields = [];
    FIELD.lastIndex = start;
    for (;;) {
        const match = FIELD.exec(text);
        if (match === null)
            return undefined;
        const [, quoted, plain, end] = match;
        fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
        if (end !== ',')
            return { fields, end: FIELD.lastIndex };
    }
}
function lineBreaks(text) {
    return text.match(/\r?\n|\r/g)?.length ?? 0;
}
