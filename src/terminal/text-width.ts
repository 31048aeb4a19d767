/** Text of models and files on a terminal: harmless, and measured in terminal columns. */
import { redact } from '../core/runtime/redact.ts';
import { UNSEEN } from '../core/text/unseen.ts';

/** Most texts; worth a shortcut where a view has 43,520 rows. */
const PLAIN = /^[\x20-\x7e]*$/;
const SHORT_NAMES = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * One line of `text` without anything that could move the cursor, color the terminal or turn the reading direction: such
 * characters become escapes like `\n` and `\u{1b}`. Reads no more than `width` columns can show.
 */
export function visible(text: string, width: number): string {
  const enough = text.slice(0, width * 8);
  if (PLAIN.test(enough)) return enough;
  return enough.replace(UNSEEN, (character) => SHORT_NAMES.get(character) ?? escaped(character));
}

/** The colors of `onColor`, which are the only escape codes that a report has of its own. */
const OWN_COLORS = '\u001b\\[(?:48;5;\\d{1,3};38;5;\\d{1,3}|0)m';
const COLORS_OR_UNSEEN = new RegExp(`${OWN_COLORS}|${UNSEEN.source}`, 'gu');

/** A whole report as it may reach a terminal: names and messages of others are harmless in it, lines and colors stay. */
export function printable(text: string): string {
  return redact(text).replace(COLORS_OR_UNSEEN, (found) =>
    found === '\n' || found.length > 2 ? found : (SHORT_NAMES.get(found) ?? escaped(found)),
  );
}

/** JSON of the same value, in which characters that {@link printable} escapes are written as JSON writes them. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (character) => (character === '\n' ? character : jsonEscape(character)));
}

/** At most `width` columns, with … at the end of what was cut. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const segment of graphemes(text)) {
    used += displayWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/**
 * `text` as lines of at most `width` columns, broken at spaces, and inside of words that are longer; its own line breaks stay,
 * and what could move the cursor becomes an escape as in {@link visible}.
 */
export function readableLines(text: string, width: number): string[] {
  const lines = text.split(/\r?\n/).map((line) => visible(line, Number.POSITIVE_INFINITY));
  return lines.flatMap((line) => wrapped(line, width));
}

function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  let used = 0;
  const take = (text: string, columns: number) => {
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
    if (used > 0) breakLine();
    const rest = lines.length > 0 ? word.trimStart() : word;
    for (const segment of displayWidth(rest) > width ? graphemes(rest) : [rest]) {
      const segmentColumns = displayWidth(segment);
      if (used > 0 && used + segmentColumns > width) breakLine();
      take(segment, segmentColumns);
    }
  }
  return [...lines, current.trimEnd()];
}

/** Terminal columns: 2 for East Asian wide characters and emoji, 0 for combining marks, else 1. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The segmenter takes as long for each step as the text is long: it gets a piece of this many code units at a time. */
const PIECE = 512;

/** The characters of `text` as people count them. One of more than {@link PIECE} code units is broken. */
function* graphemes(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const piece = pieceAt(text, start);
    const found = Array.from(GRAPHEMES.segment(piece), ({ segment }) => segment);
    // The last one may go on in the next piece.
    if (start + piece.length < text.length && found.length > 1) found.pop();
    yield* found;
    start += found.reduce((sum, { length }) => sum + length, 0);
  }
}

/** Never half of a surrogate pair. */
function pieceAt(text: string, start: number): string {
  const isSplit = (text.codePointAt(start + PIECE - 1) ?? 0) > 0xffff;
  return text.slice(start, start + PIECE + (isSplit ? 1 : 0));
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Blocks that Unicode's East Asian Width calls wide or full-width, and emoji that are pictures by default. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

function characterWidth(character: string): number {
  if (/^\p{M}$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** `\u202e`; beyond U+FFFF a pair of them. */
function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
