/**
 * Reads SentencePiece's `ModelProto` (google/sentencepiece, `src/sentencepiece_model.proto`). Fields that only
 * training needs are passed over.
 */

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export const PIECE_TYPES = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const MODEL_TYPES = ['', 'Unigram', 'BPE', 'word', 'character'];
/** Four times the largest vocabulary in use. */
const MAX_PIECES = 1_000_000;

export interface Piece {
  readonly piece: string;
  /** The higher, the earlier it is merged. */
  readonly score: number;
  /** One of `PIECE_TYPES`. */
  readonly type: number;
}

export interface TrainerSpec {
  readonly modelType: number;
  readonly treatWhitespaceAsSuffix: boolean;
  readonly byteFallback: boolean;
  readonly unkSurface: string;
  readonly bosId: number;
  readonly eosId: number;
}

export interface NormalizerSpec {
  /** Empty: characters stay as they are. */
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
}

export interface ModelProto {
  readonly pieces: readonly Piece[];
  readonly trainer: TrainerSpec;
  readonly normalizer: NormalizerSpec;
  /** Changes decoded texts. */
  readonly denormalizer: NormalizerSpec | undefined;
}

type Fields<T> = Partial<Record<number, (reader: BinaryReader, wireType: WireType) => Partial<T>>>;

/** @throws Error for bytes that are no model of byte pairs */
export function readModelProto(bytes: Uint8Array): ModelProto {
  const pieces: Piece[] = [];
  const addPiece = (piece: Piece) => {
    if (pieces.push(piece) > MAX_PIECES) throw new Error(`more than ${MAX_PIECES} pieces`);
    return {};
  };
  const { trainer, normalizer, denormalizer } = readMessage<Omit<ModelProto, 'pieces'>>(
    bytes,
    {
      1: (reader, wire) => addPiece(readMessage(message(reader, wire), PIECE, NEW_PIECE)),
      2: (reader, wire) => ({ trainer: readMessage(message(reader, wire), TRAINER, NEW_TRAINER) }),
      3: (reader, wire) => ({ normalizer: readMessage(message(reader, wire), NORMALIZER, NEW_NORMALIZER) }),
      5: (reader, wire) => ({ denormalizer: readMessage(message(reader, wire), NORMALIZER, NEW_NORMALIZER) }),
    },
    { trainer: NEW_TRAINER, normalizer: NEW_NORMALIZER, denormalizer: undefined },
  );
  if (pieces.length === 0) throw new Error('no pieces');
  requireBpe(trainer.modelType);
  return { pieces, trainer, normalizer, denormalizer };
}

function requireBpe(type: number): void {
  const name = MODEL_TYPES[type] ?? `of type ${type}`;
  if (name !== 'BPE') throw new Error(`a SentencePiece model of another kind: ${name}`);
}

/** Reads known fields, the last one of a number wins, and skips the others. */
function readMessage<T extends object>(bytes: Uint8Array, fields: Fields<T>, defaults: T): T {
  const reader = new BinaryReader(bytes);
  const values = { ...defaults };
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const read = fields[field];
    if (read) Object.assign(values, read(reader, wireType));
    else reader.skip(wireType, field);
    if (reader.pos > reader.len) throw new Error('a field that is longer than its message');
  }
  return values;
}

function message(reader: BinaryReader, wireType: WireType): Uint8Array {
  requireWire(wireType, WireType.LengthDelimited);
  return reader.bytes();
}

function text(reader: BinaryReader, wireType: WireType): string {
  requireWire(wireType, WireType.LengthDelimited);
  return reader.string(true);
}

function integer(reader: BinaryReader, wireType: WireType): number {
  requireWire(wireType, WireType.Varint);
  return reader.int32();
}

function flag(reader: BinaryReader, wireType: WireType): boolean {
  requireWire(wireType, WireType.Varint);
  return reader.bool();
}

function float(reader: BinaryReader, wireType: WireType): number {
  requireWire(wireType, WireType.Bit32);
  return reader.float();
}

function requireWire(found: WireType, expected: WireType): void {
  if (found !== expected) throw new Error(`a field of wire type ${found}, not ${expected}`);
}

const NEW_PIECE: Piece = { piece: '', score: 0, type: PIECE_TYPES.normal };
const PIECE: Fields<Piece> = {
  1: (...at) => ({ piece: text(...at) }),
  2: (...at) => ({ score: float(...at) }),
  3: (...at) => ({ type: integer(...at) }),
};

const NEW_TRAINER: TrainerSpec = {
  modelType: 1,
  treatWhitespaceAsSuffix: false,
  byteFallback: false,
  unkSurface: ' \u2047 ',
  bosId: 1,
  eosId: 2,
};
const TRAINER: Fields<TrainerSpec> = {
  3: (...at) => ({ modelType: integer(...at) }),
  24: (...at) => ({ treatWhitespaceAsSuffix: flag(...at) }),
  35: (...at) => ({ byteFallback: flag(...at) }),
  41: (...at) => ({ bosId: integer(...at) }),
  42: (...at) => ({ eosId: integer(...at) }),
  44: (...at) => ({ unkSurface: text(...at) }),
};

const NEW_NORMALIZER: NormalizerSpec = {
  charsmap: new Uint8Array(),
  addDummyPrefix: true,
  removeExtraWhitespaces: true,
  escapeWhitespaces: true,
};
const NORMALIZER: Fields<NormalizerSpec> = {
  2: (...at) => ({ charsmap: message(...at) }),
  3: (...at) => ({ addDummyPrefix: flag(...at) }),
  4: (...at) => ({ removeExtraWhitespaces: flag(...at) }),
  5: (...at) => ({ escapeWhitespaces: flag(...at) }),
};
