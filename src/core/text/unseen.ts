/**
 * Characters that cannot be seen, or that move the cursor or turn the reading direction: controls, format
 * characters (bidirectional marks, zero-width ones), lone surrogates, separators of lines and paragraphs.
 * Line breaks and tabs are of them.
 */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
