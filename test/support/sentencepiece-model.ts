/** SentencePiece models written by hand; the fields are those of its `sentencepiece_model.proto`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { PIECE_TYPES } from '../../src/model/tokenizer/sentencepiece/model-proto.ts';

export type PieceParts = readonly [piece: string | Uint8Array, score: number, type: number];

interface NormalizerParts {
  readonly charsmap?: Uint8Array;
  readonly addDummyPrefix?: boolean;
  readonly removeExtraWhitespaces?: boolean;
  readonly escapeWhitespaces?: boolean;
}

export interface ModelParts {
  readonly pieces?: readonly PieceParts[];
  /** 1: Unigram, 2: BPE, 3: words, 4: characters. */
  readonly modelType?: number;
  readonly byteFallback?: boolean;
  readonly bosId?: number;
  readonly normalizer?: NormalizerParts;
  readonly denormalizer?: NormalizerParts;
}

const { unknown, control, byte, normal } = PIECE_TYPES;

/** `<unk>`, `<s>`, `</s>`. */
export const CONTROLS: readonly PieceParts[] = [
  ['<unk>', 0, unknown],
  ['<s>', 0, control],
  ['</s>', 0, control],
];
export const BYTES: readonly PieceParts[] = Array.from({ length: 256 }, (_, value) => [
  `<0x${value.toString(16).toUpperCase().padStart(2, '0')}>`,
  0,
  byte,
]);
const MERGES: readonly PieceParts[] = [
  ['th', -1, normal],
  ['▁th', -2, normal],
  ['▁', -3, normal],
];
/** As many as the tokenizer of `writeTokenizer` has; `▁th` is the last but one. */
export const PIECES = [...CONTROLS, ...BYTES, ...MERGES];

/** The bytes of a model: by default `PIECES`, with byte fallback and LLaMA's normalization. */
export function modelBytes(parts: ModelParts = {}): Uint8Array {
  const { pieces = PIECES, normalizer = { removeExtraWhitespaces: false } } = parts;
  const writer = new BinaryWriter();
  for (const piece of pieces) writer.tag(1, WireType.LengthDelimited).bytes(pieceBytes(piece));
  writer.tag(2, WireType.LengthDelimited).bytes(trainerBytes(parts));
  writer.tag(3, WireType.LengthDelimited).bytes(normalizerBytes(normalizer));
  if (parts.denormalizer) writer.tag(5, WireType.LengthDelimited).bytes(normalizerBytes(parts.denormalizer));
  return writer.finish();
}

function pieceBytes([piece, score, type]: PieceParts): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited);
  if (typeof piece === 'string') writer.string(piece);
  else writer.bytes(piece);
  return writer.tag(2, WireType.Bit32).float(score).tag(3, WireType.Varint).int32(type).finish();
}

function trainerBytes({ modelType = 2, byteFallback = true, bosId = 1 }: ModelParts): Uint8Array {
  const writer = new BinaryWriter().tag(3, WireType.Varint).int32(modelType);
  writer.tag(35, WireType.Varint).bool(byteFallback).tag(41, WireType.Varint).int32(bosId);
  // A field that nothing reads, and one of a version to come.
  writer.tag(1, WireType.LengthDelimited).string('corpus.txt');
  return writer.tag(999, WireType.Varint).int32(7).finish();
}

function normalizerBytes(parts: NormalizerParts): Uint8Array {
  const { charsmap, addDummyPrefix = true, removeExtraWhitespaces = true, escapeWhitespaces = true } = parts;
  const writer = new BinaryWriter();
  if (charsmap) writer.tag(2, WireType.LengthDelimited).bytes(charsmap);
  writer.tag(3, WireType.Varint).bool(addDummyPrefix);
  writer.tag(4, WireType.Varint).bool(removeExtraWhitespaces);
  return writer.tag(5, WireType.Varint).bool(escapeWhitespaces).finish();
}

/** A folder's tokenizer as tokenizer.model; JSON files beside it by their names. */
export function writeSentencePiece(
  folder: string,
  parts: ModelParts = {},
  files: Readonly<Record<string, unknown>> = {},
): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, 'tokenizer.model'), modelBytes(parts));
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(value));
}

/** A `precompiled_charsmap`. @param units of the double array; its texts end with zero bytes */
export function charsmapBytes(units: readonly number[], texts: string): Uint8Array {
  const trie = Buffer.from(Uint32Array.from(units).buffer);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(trie.length);
  return Buffer.concat([size, trie, Buffer.from(texts)]);
}
