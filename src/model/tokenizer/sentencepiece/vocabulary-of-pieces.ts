import { type ModelProto, PIECE_TYPES } from './model-proto.ts';

/** The pieces of a model by what they are for. */
export interface PieceVocabulary {
  /** Pieces that text is made of: normal, user-defined and unused. */
  readonly textPieces: ReadonlyMap<string, number>;
  /** Unknown, control and byte pieces. */
  readonly reserved: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** Ids of the bytes 0 to 255; empty without byte fallback. */
  readonly byteIds: readonly number[];
  readonly userDefined: readonly string[];
}

/** @throws Error for pieces that SentencePiece itself refuses (`ModelInterface::InitializePieces`), and for scores without an order */
export function pieceVocabulary({ pieces, trainer }: ModelProto): PieceVocabulary {
  const textPieces = new Map<string, number>();
  const reserved = new Map<string, number>();
  for (const [id, { piece, score, type }] of pieces.entries()) {
    if (piece === '') throw new Error(`piece ${id} is empty`);
    if (Number.isNaN(score)) throw new Error(`the score of piece ${id} is not a number`);
    const place = isText(type) ? textPieces : reserved;
    if (place.has(piece)) throw new Error(`the pieces ${place.get(piece)} and ${id} are the same`);
    place.set(piece, id);
  }
  const idsOf = (type: number) => [...pieces.keys()].filter((id) => pieces[id]!.type === type);
  return {
    textPieces,
    reserved,
    unknownId: onlyUnknown(idsOf(PIECE_TYPES.unknown)),
    byteIds: byteIdsOf(reserved, idsOf(PIECE_TYPES.byte), trainer.byteFallback),
    userDefined: idsOf(PIECE_TYPES.userDefined).map((id) => pieces[id]!.piece),
  };
}

function isText(type: number): boolean {
  const { normal, userDefined, unused, unknown, control, byte } = PIECE_TYPES;
  if ([unknown, control, byte].some((other) => other === type)) return false;
  if ([normal, userDefined, unused].some((one) => one === type)) return true;
  throw new Error(`a piece of the unknown type ${type}`);
}

function onlyUnknown(ids: readonly number[]): number {
  const [id, second] = ids;
  if (id === undefined || second !== undefined) throw new Error(`${ids.length} unknown pieces, not one`);
  return id;
}

function byteIdsOf(
  reserved: ReadonlyMap<string, number>,
  found: readonly number[],
  byteFallback: boolean,
): readonly number[] {
  if (!byteFallback && found.length > 0) throw new Error('byte pieces without byte_fallback');
  if (!byteFallback) return [];
  const wanted = Array.from({ length: 256 }, (_, byte) => reserved.get(bytePiece(byte)) ?? -1);
  const ids = new Set(found);
  if (found.length === 256 && wanted.every((id) => ids.has(id))) return wanted;
  throw new Error(`byte_fallback, but the byte pieces are not <0x00> to <0xFF>`);
}

function bytePiece(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}
