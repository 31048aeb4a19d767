import { pieceMerger } from './merge-pieces.ts';
import { PIECE_TYPES, readModelProto } from './model-proto.ts';
import { createNormalizer } from './normalizer.ts';
import { pieceDecoder } from './piece-decoder.ts';
import { NO_WORDS, prefixMatcher } from './prefix-matcher.ts';
import { type PieceVocabulary, pieceVocabulary } from './vocabulary-of-pieces.ts';

/** Ids and texts are those of Google's library. */
export interface SentencePiece {
  /** Ids of a text, without any around it. Half a surrogate pair, which no UTF-8 has, counts as U+FFFD. */
  encode(text: string): number[];
  /**
   * Text of ids that the model has.
   * @param isStart default true: the text begins with these ids, so the space that was added to it goes
   */
  decode(ids: readonly number[], isStart?: boolean): string;
  /** Id of a piece of any type. */
  idOf(piece: string): number | undefined;
  /** Whether the id is a control piece, which stands for no text. */
  isControl(id: number): boolean;
  /** `undefined` for an id that the model does not have. */
  pieceOf(id: number): string | undefined;
  readonly unknownId: number;
  /** Of `<s>` and `</s>`; -1 if there is none. */
  readonly bosId: number;
  readonly eosId: number;
}

export interface SentencePieceOptions {
  /** User-defined pieces that are text all the same when they are typed in one. */
  readonly notMatched?: ReadonlySet<string>;
  /** In the place of the model's `add_dummy_prefix`. */
  readonly addPrefixSpace?: boolean | undefined;
}

/**
 * Opens a model of byte pairs.
 * @param bytes of `tokenizer.model`
 * @throws Error for another kind of model, or a damaged one
 */
export function openSentencePiece(bytes: Uint8Array, options: SentencePieceOptions = {}): SentencePiece {
  const model = readModelProto(bytes);
  const addDummyPrefix = options.addPrefixSpace ?? model.normalizer.addDummyPrefix;
  const proto = { ...model, normalizer: { ...model.normalizer, addDummyPrefix } };
  const all = pieceVocabulary(proto);
  const vocabulary = withoutWords(all, options.notMatched ?? new Set());
  const matcher = prefixMatcher(vocabulary.userDefined);
  const spaceAsSuffix = proto.trainer.treatWhitespaceAsSuffix;
  const normalize = createNormalizer(proto.normalizer, { matcher, spaceAsSuffix });
  const merge = pieceMerger(proto, vocabulary.textPieces, matcher);
  const denormalize = proto.denormalizer?.charsmap.length
    ? createNormalizer(proto.denormalizer, { matcher: NO_WORDS, spaceAsSuffix: false })
    : (text: string) => text;
  const decode = pieceDecoder(proto);
  return {
    encode: (text) => idsOf(merge(normalize(text.replace(/\p{Surrogate}/gu, '\uFFFD'))), vocabulary),
    decode: (ids, isStart = true) => denormalize(decode(ids, isStart)),
    idOf: (piece) => all.reserved.get(piece) ?? all.textPieces.get(piece),
    isControl: (id) => proto.pieces[id]?.type === PIECE_TYPES.control,
    pieceOf: (id) => proto.pieces[id]?.piece,
    unknownId: vocabulary.unknownId,
    bosId: proto.trainer.bosId,
    eosId: proto.trainer.eosId,
  };
}

function withoutWords(vocabulary: PieceVocabulary, words: ReadonlySet<string>): PieceVocabulary {
  const userDefined = vocabulary.userDefined.filter((word) => !words.has(word));
  const left = new Set(vocabulary.userDefined.filter((word) => words.has(word)));
  const textPieces = new Map([...vocabulary.textPieces].filter(([piece]) => !left.has(piece)));
  return { ...vocabulary, userDefined, textPieces };
}

const utf8 = new TextEncoder();

/** What is no piece becomes its bytes; without byte pieces, one unknown id for all of it in a row. */
function idsOf(words: readonly string[], { textPieces, byteIds, unknownId }: PieceVocabulary): number[] {
  const ids: number[] = [];
  for (const word of words) {
    const id = textPieces.get(word);
    if (id !== undefined) ids.push(id);
    else if (byteIds.length > 0) ids.push(...Array.from(utf8.encode(word), (byte) => byteIds[byte]!));
    else if (ids.at(-1) !== unknownId) ids.push(unknownId);
  }
  return ids;
}
