/** Measures of a text alone that tell a response from degenerate output. */
import { deflateRawSync } from 'node:zlib';
import { strip } from '../core/text/strip.ts';
import { MIN_MEASURED_CHARACTERS, REPETITION } from './degeneration.ts';

/** Measures of a response without the white space around it. */
export interface TextQuality {
  /** Code points; 0: the response is empty. */
  readonly characters: number;
  /**
   * In [0, 1]: share of its runs of characters that stand once more shortly before; null: too short to
   * measure.
   */
  readonly repetition: number | null;
  /** Bytes after DEFLATE by bytes of UTF-8 before; null: too short to measure. */
  readonly compression: number | null;
}

export function textQuality(text: string): TextQuality {
  const stripped = strip(text);
  const characters = Array.from(stripped);
  const isMeasured = characters.length >= MIN_MEASURED_CHARACTERS;
  return {
    characters: characters.length,
    repetition: isMeasured ? repetitionOf(characters) : null,
    compression: isMeasured ? compressionOf(stripped) : null,
  };
}

function repetitionOf(characters: readonly string[]): number {
  const { run: length, reach } = REPETITION;
  const lastStart = new Map<string, number>();
  const runs = characters.length - length + 1;
  let repeated = 0;
  for (let start = 0; start < runs; start++) {
    const run = characters.slice(start, start + length).join('');
    const before = lastStart.get(run);
    if (before !== undefined && start - before <= reach) repeated++;
    lastStart.set(run, start);
  }
  return repeated / runs;
}

/** zlib at level 9 without its header of two bytes and checksum of four. */
function compressionOf(text: string): number {
  const bytes = Buffer.from(text);
  return deflateRawSync(bytes, { level: 9 }).length / bytes.length;
}
