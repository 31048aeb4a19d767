/** What a text alone says about whether it reads like an answer or like a model that lost its way. */
import { deflateRawSync } from 'node:zlib';
import { strip } from '../core/strip.ts';

/** Measures of an answer without the white space around it. */
export interface TextQuality {
  /** Code points; 0: the answer is empty. */
  readonly characters: number;
  /** In [0, 1]: share of its runs of {@link RUN} characters that stand once more close before; null: too short to say. */
  readonly repetition: number | null;
  /** Bytes after DEFLATE by bytes of UTF-8 before; null: too short to say. */
  readonly compression: number | null;
}

/** Shorter texts may have to repeat themselves ("Repeat the word three times."), and DEFLATE makes all of them longer. */
export const SHORTEST_MEASURED = 20;
/** Characters that must be equal to count as said again. */
export const RUN = 4;
/** How many characters back counts as close: an article of a thousand words says its common words many times. */
export const REACH = 128;

export function textQuality(text: string): TextQuality {
  const stripped = strip(text);
  const characters = Array.from(stripped);
  const isMeasured = characters.length >= SHORTEST_MEASURED;
  return {
    characters: characters.length,
    repetition: isMeasured ? repetitionOf(characters) : null,
    compression: isMeasured ? compressionOf(stripped) : null,
  };
}

function repetitionOf(characters: readonly string[]): number {
  const lastStart = new Map<string, number>();
  const runs = characters.length - RUN + 1;
  let repeated = 0;
  for (let start = 0; start < runs; start++) {
    const run = characters.slice(start, start + RUN).join('');
    const before = lastStart.get(run);
    if (before !== undefined && start - before <= REACH) repeated++;
    lastStart.set(run, start);
  }
  return repeated / runs;
}

/** zlib at level 9 without its header of two bytes and checksum of four. */
function compressionOf(text: string): number {
  const bytes = Buffer.from(text);
  return deflateRawSync(bytes, { level: 9 }).length / bytes.length;
}
