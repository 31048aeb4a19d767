/** Width of an average letter as a share of the font size, on the safe side, and of one that fills its square. */
const LETTER_EM = 0.56;
const WIDE_EM = 1;

/** Letters of East Asian scripts and emoji. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Extended_Pictographic}|[\u3000-\u303f\uff00-\uffef]/u;

/** Width of a text as a multiple of its font size, where nothing can measure: configurations have no canvas. */
export function widthEm(text: string): number {
  let em = 0;
  for (const letter of text) em += WIDE.test(letter) ? WIDE_EM : LETTER_EM;
  return em;
}
