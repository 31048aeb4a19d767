/** Texts of ids (`SentencePieceProcessor::Decode`). */

import { type ModelProto, PIECE_TYPES } from './model-proto.ts';
import { SPACE } from './normalizer.ts';

/**
 * A function from ids of pieces to their text. Control pieces have none, an unknown one has the model's mark for it,
 * and bytes in a row are characters; each byte that is part of none is U+FFFD.
 * @param isStart the text begins here, so the space that was added to it goes
 */
export function pieceDecoder({
  pieces,
  trainer,
  normalizer,
}: ModelProto): (ids: readonly number[], isStart: boolean) => string {
  const { removeExtraWhitespaces, addDummyPrefix } = normalizer;
  const strips = addDummyPrefix || removeExtraWhitespaces;
  return (ids, isStart) => {
    let text = '';
    let bytes: number[] = [];
    let expectsSpace = isStart && strips;
    const flush = () => {
      text += textOfBytes(bytes);
      bytes = [];
      if (text !== '') expectsSpace = false;
    };
    for (const id of ids) {
      const { type, piece } = pieces[id]!;
      if (type === PIECE_TYPES.byte) {
        bytes.push(Number.parseInt(piece.slice(3, 5), 16));
        continue;
      }
      flush();
      if (type === PIECE_TYPES.control) continue;
      const isStripped = expectsSpace && type !== PIECE_TYPES.unknown && piece.startsWith(SPACE);
      if (type === PIECE_TYPES.unknown) text += trainer.unkSurface;
      else text += piece.slice(isStripped ? 1 : 0).replaceAll(SPACE, ' ');
      // Where extra spaces are removed, all at the beginning go.
      if (isStripped && !removeExtraWhitespaces) expectsSpace = false;
    }
    flush();
    return text;
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOfBytes(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    text += length === 0 ? '\uFFFD' : utf8.decode(Uint8Array.from(bytes.slice(at, at + length)));
    at += length || 1;
  }
  return text;
}

/** Bytes of the character at a place; 0 if there is none. */
function characterLength(bytes: readonly number[], at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : first >> 3 === 30 ? 4 : 0;
  try {
    return [...utf8.decode(Uint8Array.from(bytes.slice(at, at + length)))].length === 1 ? length : 0;
  } catch {
    return 0;
  }
}
