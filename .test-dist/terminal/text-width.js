/** Text of models and files on a terminal: harmless, and measured in terminal columns. */
/** Controls, bidirectional and other invisible marks, line separators, halves of surrogate pairs. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Most texts; worth a shortcut where a view has 43,520 rows. */
const PLAIN = /^[\x20-\x7e]*$/;
const SHORT_NAMES = new Map([
    ['\n', '\\n'],
    ['\r', '\\r'],
    ['\t', '\\t'],
]);
/**
 * One line of `text` with nothing in it that could move the cursor, colour the terminal or turn the reading direction: such
 * characters become escapes like `\n` and `\u{1b}`. Only as much is read as `width` columns can show.
 */
export function visible(text, width) {
    const enough = text.slice(0, width * 8);
    if (PLAIN.test(enough))
        return enough;
    return enough.replace(INVISIBLE, (character) => SHORT_NAMES.get(character) ?? escaped(character));
}
/** At most `width` columns, with … at the end of what was cut. */
export function cut(text, width) {
    if (displayWidth(text) <= width)
        return text;
    let kept = '';
    let used = 1;
    for (const { segment } of GRAPHEMES.segment(text)) {
        used += displayWidth(segment);
        if (used > width)
            break;
        kept += segment;
    }
    return `${kept}…`;
}
/**
 * `text` as lines of at most `width` columns, broken at spaces, and inside of words that are longer; its own line breaks stay,
 * and what could move the cursor becomes an escape as in {@link visible}.
 */
export function readableLines(text, width) {
    const lines = text.split(/\r?\n/).map((line) => visible(line, Number.POSITIVE_INFINITY));
    return lines.flatMap((line) => wrapped(line, width));
}
function wrapped(line, width) {
    const lines = [];
    let current = '';
    let used = 0;
    const take = (text, columns) => {
        current += text;
        used += columns;
    };
    const breakLine = () => {
        lines.push(current.trimEnd());
        current = '';
        used = 0;
    };
    for (const word of line.match(/ *[^ ]+| +$/g) ?? []) {
        const columns = displayWidth(word);
        if (used + columns <= width) {
            take(word, columns);
            continue;
        }
        if (used > 0)
            breakLine();
        const rest = lines.length > 0 ? word.trimStart() : word;
        for (const { segment } of displayWidth(rest) > width ? GRAPHEMES.segment(rest) : [{ segment: rest }]) {
            const segmentColumns = displayWidth(segment);
            if (used > 0 && used + segmentColumns > width)
                breakLine();
            take(segment, segmentColumns);
        }
    }
    return [...lines, current.trimEnd()];
}
/** Terminal columns: 2 for East Asian wide characters and emoji, 0 for combining marks, else 1. */
export function displayWidth(text) {
    if (PLAIN.test(text))
        return text.length;
    let width = 0;
    for (const character of text)
        width += characterWidth(character);
    return width;
}
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Blocks that Unicode's East Asian Width calls wide or full-width, and emoji that are pictures by default. */
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
function characterWidth(character) {
    if (/^\p{M}$/u.test(character))
        return 0;
    return WIDE.test(character) ? 2 : 1;
}
function escaped(character) {
    return `\\u{${character.codePointAt(0).toString(16)}}`;
}
