/** SentencePiece's byte pair encoding (`src/bpe_model.cc`). */

import { MinHeap } from '../min-heap.ts';
import { type ModelProto, PIECE_TYPES } from './model-proto.ts';
import type { PrefixMatcher } from './prefix-matcher.ts';

interface MergeTable {
  /** Place of each piece among the scores, the highest first; equal scores have one place. */
  readonly ranks: ReadonlyMap<string, number>;
  /** Pieces that are merged on the way, and taken apart again in the end. */
  readonly unused: ReadonlySet<string>;
  /** UTF-16 units of the longest piece. */
  readonly longest: number;
}

/**
 * A function that cuts a normalized text into pieces and single characters that are none. Its time grows with n log n
 * of the text's length.
 * @param textPieces ids by piece
 */
export function pieceMerger(
  { pieces }: Pick<ModelProto, 'pieces'>,
  textPieces: ReadonlyMap<string, number>,
  matcher: PrefixMatcher,
): (text: string) => string[] {
  const scores = [...textPieces].map(([piece, id]) => [piece, pieces[id]!.score] as const);
  const order = [...new Set(scores.map(([, score]) => score))].sort((a, b) => b - a);
  const rankOf = new Map(order.map((score, rank) => [score, rank]));
  const isUnused = ([, id]: [string, number]) => pieces[id]!.type === PIECE_TYPES.unused;
  const table = {
    ranks: new Map(scores.map(([piece, score]) => [piece, rankOf.get(score)!])),
    unused: new Set([...textPieces].filter(isUnused).map(([piece]) => piece)),
    longest: scores.reduce((longest, [piece]) => Math.max(longest, piece.length), 0),
  };
  return (text) => mergeText(text, table, matcher);
}

function mergeText(text: string, table: MergeTable, matcher: PrefixMatcher): string[] {
  const { starts, isFrozen } = symbolsOf(text, matcher);
  const end = isFrozen.length;
  const next = isFrozen.map((_, symbol) => symbol + 1);
  const previous = isFrozen.map((_, symbol) => symbol - 1);
  /** Length of the left half of every unused piece that could be merged; the last one counts. */
  const halves = new Map<string, number>();
  const textFrom = (symbol: number, after: number) => text.slice(starts[symbol]!, starts[after]!);
  const pairAt = (left: number) => {
    const right = next[left]!;
    if (right >= end || isFrozen[left] || isFrozen[right]) return undefined;
    const after = next[right]!;
    return starts[after]! - starts[left]! > table.longest ? undefined : textFrom(left, after);
  };
  const rankAt = (left: number) => table.ranks.get(pairAt(left) ?? '');
  const queue = new MinHeap();
  const propose = (left: number) => {
    const pair = left < 0 ? undefined : pairAt(left);
    const rank = table.ranks.get(pair ?? '');
    if (pair === undefined || rank === undefined) return;
    queue.push(rank * end + left);
    if (table.unused.has(pair)) halves.set(pair, starts[next[left]!]! - starts[left]!);
  };
  for (let symbol = 0; symbol < end; symbol++) propose(symbol);
  const isGone = new Uint8Array(end);
  for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
    const [rank, left] = [Math.floor(first / end), first % end];
    // One of the two was merged with its other neighbour since.
    if (isGone[left] || rankAt(left) !== rank) continue;
    const right = next[left]!;
    isGone[right] = 1;
    next[left] = next[right]!;
    if (next[left]! < end) previous[next[left]!] = left;
    propose(previous[left]!);
    propose(left);
  }
  const words: string[] = [];
  for (let symbol = 0; symbol < end; symbol = next[symbol]!) words.push(textFrom(symbol, next[symbol]!));
  return table.unused.size === 0 ? words : words.flatMap((word) => takeApart(word, table, halves));
}

/** Characters, and user-defined pieces, which are never merged. `starts` has the end of the text too. */
function symbolsOf(text: string, matcher: PrefixMatcher): { starts: number[]; isFrozen: boolean[] } {
  const starts = [0];
  const isFrozen: boolean[] = [];
  for (let at = 0; at < text.length; starts.push(at)) {
    const kept = matcher(text, at);
    isFrozen.push(kept > 0);
    at += kept || (text.codePointAt(at)! > 0xffff ? 2 : 1);
  }
  return { starts, isFrozen };
}

function takeApart(word: string, table: MergeTable, halves: ReadonlyMap<string, number>): string[] {
  const half = table.unused.has(word) ? halves.get(word) : undefined;
  if (half === undefined) return [word];
  return [word.slice(0, half), word.slice(half)].flatMap((part) => takeApart(part, table, halves));
}
