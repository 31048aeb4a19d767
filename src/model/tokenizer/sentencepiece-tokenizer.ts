import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { regularFileBytes } from '../checkpoint/regular-file.ts';
import { readSentencePieceSettings, type SentencePieceSettings } from './added-tokens.ts';
import { stretchEncoder } from './form/stretches.ts';
import { prefixMatcher } from './sentencepiece/prefix-matcher.ts';
import { openSentencePiece, type SentencePiece } from './sentencepiece/sentencepiece.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { TOKENIZER_MODEL } from './tokenizer-files.ts';
import { MAX_TOKENIZER_BYTES, workingTokenizer } from './working-tokenizer.ts';

const FIX = 'Download tokenizer.model again, or save a tokenizer.json with transformers.';

/**
 * The byte pair encoding of a folder's tokenizer.model with the tokens of the files beside it. Ids and texts are those
 * of Google's library; a token that was added is found in a text unless it is special, and what is between two of them
 * is a text of its own, as in the converted tokenizers of transformers 4.
 * @throws InputError `not-found`, `not-readable`, `not-json` or `bad-checkpoint`
 */
export function openTokenizerModel(folder: string): TextTokenizer {
  const path = join(folder, TOKENIZER_MODEL);
  const bytes = readModelFile(path);
  const settings = readSentencePieceSettings(folder);
  return workingTokenizer(
    path,
    () => {
      refuseOtherFiles(bytes);
      const { special: notMatched, addPrefixSpace } = settings;
      return createTokenizer(openSentencePiece(bytes, { notMatched, addPrefixSpace }), settings);
    },
    FIX,
  );
}

function readModelFile(path: string): Buffer {
  const size = regularFileBytes(path, 'a SentencePiece model', FIX);
  if (size <= MAX_TOKENIZER_BYTES) return readFileSync(path);
  const expected = `at most ${MAX_TOKENIZER_BYTES} bytes`;
  throw new InputError({
    code: 'bad-checkpoint',
    where: path,
    expected,
    found: `${size} bytes`,
    fix: FIX,
  });
}

/** Files of this name that are something else. */
function refuseOtherFiles(bytes: Buffer): void {
  const start = bytes.toString('latin1', 0, 100);
  if (/^[A-Za-z0-9+/]+=* \d+\r?\n/.test(start))
    throw new Error('a vocabulary of tiktoken, not of SentencePiece');
}

function createTokenizer(model: SentencePiece, settings: SentencePieceSettings): TextTokenizer {
  const { special, added } = settings;
  const idOf = (token: string | undefined) =>
    token === undefined ? undefined : (added.get(token) ?? model.idOf(token));
  const isSpecial = (token: string) => special.has(token) || model.isControl(model.idOf(token) ?? -1);
  const specialIds = new Set([...special].map(idOf));
  const words = new Map([...added].filter(([token]) => !isSpecial(token)));
  const spelled = new Map([...added].map(([token, id]) => [id, token]));
  const wordIds = new Set(words.values());
  const bosId = idOf(settings.bosToken) ?? existing(model, model.bosId);
  const eosId = idOf(settings.eosToken) ?? existing(model, model.eosId);
  const encodeText = textEncoder(model, words);
  const roles = [model.bosId, model.eosId].flatMap((id) => model.pieceOf(id) ?? []);
  const named = new Map([...roles, ...special].flatMap((token) => asEntry(token, idOf(token))));
  return {
    encodeText,
    encodePieces: stretchEncoder(named, encodeText),
    special: named,
    decode: (ids) => {
      // An unknown token is text: it stands for characters.
      const texts = ids.filter((id) => id === model.unknownId || !specialIds.has(id));
      return decodeTexts(model, texts, (id) => (wordIds.has(id) ? spelled.get(id) : undefined));
    },
    frame: {
      before: settings.addsBos && bosId !== undefined ? [bosId] : [],
      after: settings.addsEos && eosId !== undefined ? [eosId] : [],
    },
    bosId,
    unknownId: model.unknownId,
    tokenOf: (id) => spelled.get(id) ?? model.pieceOf(id),
  };
}

function asEntry(token: string, id: number | undefined): [string, number][] {
  return id === undefined ? [] : [[token, id]];
}

function existing(model: SentencePiece, id: number): number | undefined {
  return model.pieceOf(id) === undefined ? undefined : id;
}

/** Encodes what is between added words. */
function textEncoder(model: SentencePiece, words: ReadonlyMap<string, number>): (text: string) => number[] {
  const match = prefixMatcher([...words.keys()]);
  return (text) => {
    const parts: number[][] = [];
    let start = 0;
    for (let at = 0; at < text.length && words.size > 0; ) {
      const length = match(text, at);
      if (length > 0) {
        parts.push(model.encode(text.slice(start, at)), [words.get(text.slice(at, at + length))!]);
        start = at + length;
      }
      at += length || 1;
    }
    return [...parts, model.encode(text.slice(start))].flat();
  };
}

/** @param wordOf text of an added word; ids of neither are left out */
function decodeTexts(
  model: SentencePiece,
  ids: readonly number[],
  wordOf: (id: number) => string | undefined,
): string {
  let text = '';
  let pieces: number[] = [];
  let isStart = true;
  const flush = () => {
    if (pieces.length > 0) text += model.decode(pieces, isStart);
    pieces = [];
  };
  for (const id of ids) {
    const word = wordOf(id);
    if (word === undefined && model.pieceOf(id) !== undefined) pieces.push(id);
    if (word === undefined) continue;
    flush();
    text += word;
    isStart = false;
  }
  flush();
  return text;
}
