import type { Tokenizer } from '../model/tokenizer/tokenizer.ts';
import type { JudgePrompt } from './judge.ts';
import { judgePrompt, stripResponse } from './judge-prompt.ts';

type Codec = Pick<Tokenizer, 'encode' | 'decode'>;
type Pair = NonNullable<JudgePrompt<unknown>['pair']>;

export interface FittedPrompt {
  readonly ids: readonly number[];
  /** Tokens taken from the ends of the responses; of a very long one at least so many. */
  readonly cutTokens: number;
}

export interface FittedText {
  readonly text: string;
  /** Characters taken from the ends of the responses; of a very long one at least so many. */
  readonly cutCharacters: number;
}

/** Characters are the tokens of a judge whose tokenizer is not known here. */
const CHARACTERS: Codec = {
  encode: (text) => Array.from(text, (character) => character.codePointAt(0)!),
  decode: (ids) => Array.from(ids, (id) => String.fromCodePoint(id)).join(''),
};

/** The text of a judge prompt by the rule of `fitPrompt`, in characters. */
export function fitText(pair: Pair, room = Number.POSITIVE_INFINITY): FittedText {
  const text = judgePrompt(pair.instruction, ...pair.responses);
  if (text.length <= room) return { text, cutCharacters: 0 };
  const { ids, cutTokens } = fitPrompt(CHARACTERS, { text, pair }, room);
  return { text: CHARACTERS.decode(ids), cutCharacters: cutTokens };
}

/**
 * The ids of a judge prompt of at most `room` tokens. One that is longer loses tokens from the end of the longer response
 * until both are equally long, then from both; instruction and input stay whole. Where these alone do not fit, the
 * prompt is left as it is.
 * @param room tokens of the judge's context that its own answer leaves
 */
export function fitPrompt(
  tokenizer: Codec,
  { text, pair }: Pick<JudgePrompt<unknown>, 'text' | 'pair'>,
  room: number,
): FittedPrompt {
  if (!pair) return { ids: tokenizer.encode(text), cutTokens: 0 };
  const responses = pair.responses.map((response) => beginningOf(response, room)) as [string, string];
  const isWhole = responses.every(
    (part, index) => stripResponse(part) === stripResponse(pair.responses[index]!),
  );
  const ids = tokenizer.encode(isWhole ? text : judgePrompt(pair.instruction, ...responses));
  if (ids.length <= room) return { ids, cutTokens: isWhole ? 0 : 1 };
  return shorten(tokenizer, pair.instruction, responses, room, ids);
}

/** No token of any tokenizer in use stands for more characters. */
const LONGEST_TOKEN = 128;

/** As much of a response as could fit by itself: encoding a megabyte only to drop it can take half a minute. */
function beginningOf(response: string, room: number): string {
  const longest = Math.max(0, room) * LONGEST_TOKEN;
  return response.length <= longest ? response : stripResponse(response).slice(0, longest);
}

function shorten(
  tokenizer: Codec,
  instruction: Pair['instruction'],
  responses: readonly [string, string],
  room: number,
  ids: readonly number[],
): FittedPrompt {
  const encoded = responses.map((response) => tokenizer.encode(stripResponse(response)));
  const [first, second] = encoded.map(({ length }) => length) as [number, number];
  let budget = first + second - (ids.length - room);
  while (budget >= 0) {
    const longest = longestWithin(first, second, budget);
    const cut = (index: 0 | 1) => firstTokens(tokenizer, responses[index], encoded[index]!, longest);
    const fitted = tokenizer.encode(judgePrompt(instruction, cut(0), cut(1)));
    const kept = Math.min(first, longest) + Math.min(second, longest);
    if (fitted.length <= room) return { ids: fitted, cutTokens: first + second - kept };
    // A text that is cut can have other tokens than the part of the whole that it was.
    budget -= fitted.length - room;
  }
  return { ids, cutTokens: 0 };
}

/** The length that both are cut to so that they have `budget` tokens together; the shorter may have less. */
function longestWithin(first: number, second: number, budget: number): number {
  const shorter = Math.min(first, second);
  return 2 * shorter <= budget ? budget - shorter : Math.floor(budget / 2);
}

function firstTokens(tokenizer: Codec, text: string, ids: readonly number[], count: number): string {
  return ids.length <= count ? text : tokenizer.decode(ids.slice(0, count));
}
