/**
 * Reads what a PandaLM judge wrote: `{1|2|Tie}`, empty line, `### Reason: …`, empty line, `### Reference: …`.
 * Only text that the judge generated may come in, never the prompt, so no candidate's response can set a
 * verdict.
 */

import type { SlotVerdict } from '../../core/domain.ts';
import { strip } from '../../core/text/strip.ts';
import type { JudgeText } from './judge-protocol.ts';
import { stripResponse } from './pandalm-prompt.ts';

/**
 * The verdict of a judge's text: its first line is `1`, `2` or `tie` (any case); anything else is malformed.
 * Special tokens and white space around the text are taken off first, as PandaLM does before it parses.
 * PandaLM compares the first line as it stands and calls the rest a tie; here white space around the line
 * (`1\r`, `2 `) is no part of it.
 */
export function parseVerdict(text: string): SlotVerdict {
  const firstLine = strip(stripResponse(text).split('\n', 1)[0]!);
  if (firstLine === '1' || firstLine === '2') return firstLine;
  return firstLine.toLowerCase() === 'tie' ? 'tie' : 'malformed';
}

/** Verdict, reason and reference of a judge's text. A malformed text can still have the other two. */
export function parseJudgeText(text: string): JudgeText {
  const lines = stripResponse(text).split('\n');
  const reasonLine = lines.findIndex((line) => line.startsWith('### Reason:'));
  const referenceLine = lines.findIndex(
    (line, index) => index > reasonLine && line.startsWith('### Reference:'),
  );
  const reasonEnd = referenceLine === -1 ? lines.length : referenceLine;
  const reason = reasonLine === -1 ? '' : section(lines.slice(reasonLine, reasonEnd));
  const reference = referenceLine === -1 ? '' : section(lines.slice(referenceLine));
  return {
    slotVerdict: parseVerdict(text),
    ...(reason === '' ? {} : { reason }),
    ...(reference === '' ? {} : { reference }),
  };
}

/** The text of a section without its `### Name:`. */
function section(lines: readonly string[]): string {
  const text = lines.join('\n');
  return strip(text.slice(text.indexOf(':') + 1));
}
