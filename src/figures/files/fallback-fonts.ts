/** Fonts for letters that the figures' own lacks: East Asian, Arabic, Hebrew, Devanagari, Thai, emoji. */
import { readFileSync } from 'node:fs';
import { FONT_FAMILY } from '../chart/style.ts';
import { type HasLetter, inRanges, lettersOfFont } from './letters-of-font.ts';

/** Of Fontsource; each is cut into files by the letters they hold. The first that has a letter draws it. */
const SCRIPTS = ['sc', 'kr', 'arabic', 'hebrew', 'devanagari', 'thai'].map((script) => `noto-sans-${script}`);
// The ranges of the others count emoji, too, without having them.
const FALLBACKS = ['noto-emoji', ...SCRIPTS].map((name) => `@fontsource-variable/${name}`);

/** Stands for a letter that no font here has. */
const NO_LETTER = '\ufffd';
/** Joiners, variation selectors and spaces draw nothing by themselves. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{White_Space}|\p{Cc}/u;

/** A font file that must be registered under its family. */
export interface FallbackFont {
  readonly family: string;
  readonly path: string;
}

/** How the texts of a figure are drawn. */
export interface Letters {
  readonly fonts: readonly FallbackFont[];
  /** That no font here has, each once. */
  readonly missing: readonly string[];
}

type Resolve = (file: string) => string;

/** @param own path of the figures' font. @param resolve path of a package's file */
export function lettersFor(texts: string, own: string, resolve: Resolve): Letters {
  ownLetters ??= lettersOfFont(own);
  const foreign = [...new Set(texts)].filter(
    (letter) => !INVISIBLE.test(letter) && !ownLetters!(letter.codePointAt(0)!),
  );
  if (foreign.length === 0) return { fonts: [], missing: [] };
  slices ??= FALLBACKS.flatMap((name) => slicesOf(name, resolve));
  const found = foreign.map((letter) => slices!.find(({ has }) => has(letter.codePointAt(0)!)));
  const fonts = slices.filter((slice) => found.includes(slice)).map(({ family, path }) => ({ family, path }));
  return { fonts, missing: foreign.filter((_, index) => found[index] === undefined) };
}

let ownLetters: HasLetter | undefined;
let slices: Slice[] | undefined;

interface Slice extends FallbackFont {
  readonly has: HasLetter;
}

/** By the table that Fontsource gives of its files. */
function slicesOf(name: string, resolve: Resolve): Slice[] {
  const ranges = JSON.parse(readFileSync(resolve(`${name}/unicode.json`), 'utf8')) as Record<string, string>;
  const base = name.split('/')[1]!;
  return Object.entries(ranges).map(([subset, list]) => {
    const slice = subset.replace(/[[\]]/g, '');
    const path = resolve(`${name}/files/${base}-${slice}-wght-normal.woff2`);
    return { family: `${FONT_FAMILY} ${base} ${slice}`, path, has: inRanges(rangesIn(list)) };
  });
}

/** `U+20ac,U+4e00-4e0f` */
function rangesIn(list: string): [number, number][] {
  return list.split(',').map((part) => {
    const [first, last = first] = part.trim().replace(/^U\+/i, '').split('-');
    return [Number.parseInt(first!, 16), Number.parseInt(last!, 16)];
  });
}

/** Nothing of the machine's own fonts stands in for a letter that is missing. */
export function withoutLetters(text: string, missing: readonly string[]): string {
  return missing.length === 0
    ? text
    : [...text].map((letter) => (missing.includes(letter) ? NO_LETTER : letter)).join('');
}

/** A note for readers; none where no letter is missing. */
export function missingNote(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const codes = missing.map(
    (letter) => `U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return [`Letters that no font here has, drawn as ${NO_LETTER}: ${codes.join(', ')}.`];
}

/** A canvas' font with the fonts that stand in for single letters. */
export function withFallbacks(font: string, fonts: readonly FallbackFont[]): string {
  return [font, ...fonts.map(({ family }) => `"${family}"`)].join(', ');
}
