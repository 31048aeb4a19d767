/** What a judge was given to read, made again from its protocol and the answers. Pure. */
import { promptText } from '../../../data/prompt-parts.ts';
import { protocolOf } from '../../../judge/protocols/protocols.ts';
import type { ResponseDetail, VerdictRow } from '../../queries/cell-query.ts';

/** `undefined` where the protocol is one of a library's user. */
export function judgePrompt(
  { order, protocol }: Pick<VerdictRow, 'order' | 'protocol'>,
  [a, b]: readonly [a: ResponseDetail, b: ResponseDetail],
): string | undefined {
  const [first, second] = order === 'ab' ? [a, b] : [b, a];
  const responses = [first.text ?? '', second.text ?? ''] as const;
  const parts = protocolOf({ protocol })?.prompt({ instruction: a, responses });
  return parts && promptText(parts);
}

/** @param isSame whether its sha256 is the stored one; `undefined`: it cannot be computed here */
export function promptNote(
  { cutTokens, cutCharacters }: Pick<VerdictRow, 'cutTokens' | 'cutCharacters'>,
  isSame: boolean | undefined,
): string {
  if (cutCharacters !== null)
    return `The judge was given it without ${cutCharacters} characters at the ends of the answers.`;
  const cut =
    cutTokens === null ? '' : ` Its context did not hold ${cutTokens} tokens at the ends of the answers.`;
  if (isSame === undefined)
    return `Made from protocol and answers; this browser cannot compare its sha256 with the stored one.${cut}`;
  return isSame
    ? `The judge was given this text: its sha256 is the stored one.${cut}`
    : 'The judge was given another text: the stored sha256 is not that of this one.';
}

/** An exported page keeps the first digits of hashes. */
const MIN_HASH_DIGITS = 16;

export function isSameHash(computed: string, stored: string): boolean {
  return stored.length >= MIN_HASH_DIGITS && computed.startsWith(stored);
}
