/**
 * Reads SentencePiece's `ModelProto` (google/sentencepiece, `src/sentencepiece_model.proto`). Fields that only
 * training needs are passed over.
 */

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export const PIECE_TYPES = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const MODEL_TYPES: Readonly<Record<number, string>> = { 1: 'Unigram', 2: 'BPE', 3: 'word', 4: 'character' };
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
  const { trainer, ...rest } = readFields(bytes);
  if (rest.pieces.length > MAX_PIECES) throw new Error(`more than ${MAX_PIECES} pieces`);
  if (rest.pieces.length === 0 || !trainer)
    throw new Error('a SentencePiece model without pieces or settings');
  requireBpe(trainer.modelType);
  return { ...rest, trainer };
}

type Found = Omit<ModelProto, 'trainer'> & { readonly trainer: TrainerSpec | undefined };

function readFields(bytes: Uint8Array): Found {
  const pieces: Piece[] = [];
  const defaults: Found = {
    pieces,
    trainer: undefined,
    normalizer: NEW_NORMALIZER,
    denormalizer: undefined,
  };
  const fields: Fields<Found> = {
    1: (...at) => {
      const piece = message(...at);
      // One more than allowed is enough to know.
      if (pieces.length <= MAX_PIECES) pieces.push(readMessage(piece, PIECE, NEW_PIECE));
      return {};
    },
    2: (...at) => ({ trainer: readMessage(message(...at), TRAINER, NEW_TRAINER) }),
    3: (...at) => ({ normalizer: readMessage(message(...at), NORMALIZER, NEW_NORMALIZER) }),
    5: (...at) => ({ denormalizer: readMessage(message(...at), NORMALIZER, NEW_NORMALIZER) }),
  };
  try {
    return readMessage(bytes, fields, defaults);
  } catch (cause) {
    throw new Error(`a damaged SentencePiece model (${(cause as Error).message})`, { cause });
  }
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
