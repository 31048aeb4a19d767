/** How a judge's texts were decoded, apart from which model wrote them. */

import { protocolOf, protocolTitle } from './protocols/protocols.ts';

/** What the words need of a stored judge's decoding. */
export interface StoredDecoding {
  readonly strategy?: unknown;
  readonly numBeams?: unknown;
  readonly repetitionPenalty?: unknown;
  readonly maxNewTokens?: unknown;
  readonly protocol?: unknown;
}

/** `4 beams, repetition penalty 1.2, at most 512 new tokens` */
export function decodingText(decoding: StoredDecoding): string {
  const { strategy, numBeams, repetitionPenalty, maxNewTokens } = decoding;
  const parts = [
    strategyText(strategy, numBeams),
    repetitionPenalty === undefined ? '' : `repetition penalty ${repetitionPenalty}`,
    maxNewTokens === undefined ? '' : `at most ${maxNewTokens} new tokens`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function strategyText(strategy: unknown, numBeams: unknown): string {
  // A file does not tell how its texts were decoded.
  if (strategy === undefined || strategy === 'recorded') return '';
  return strategy === 'beams' ? `${numBeams} beams` : String(strategy);
}

/**
 * `Prompt and decoding: PandaLM’s own (4 beams, …)`, or what of it is another.
 * @param deviations `; ` between them; null: none
 */
export function protocolSentence(decoding: StoredDecoding, deviations: string | null): string {
  const title = protocolOf(decoding)?.title ?? protocolTitle(String(decoding.protocol));
  const how = decodingText(decoding);
  const inBrackets = how === '' ? '' : ` (${how})`;
  if (deviations === null) return `Prompt and decoding: those of ${title}’s authors${inBrackets}.`;
  return `Prompt: ${title}’s. Decoding: ${how === '' ? 'not known' : how}. Deviations from ${title}: ${deviations}.`;
}
