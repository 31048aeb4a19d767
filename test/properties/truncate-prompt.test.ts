import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PromptParts } from '../../src/data/prompt-parts.ts';
import { promptText } from '../../src/data/prompt-parts.ts';
import { truncateText } from '../../src/data/truncate-prompt.ts';
import { check } from './check.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é'), maxLength: 40 });
const parts = fc.record({
  fixed: fc.tuple(text, text, text),
  shortenable: fc.tuple(text, text),
}) satisfies fc.Arbitrary<PromptParts>;
const room = fc.integer({ min: 1, max: 200 });

/** The rule as it is told: the longer text loses its last character, both of them where they are equally long. */
function shortenedByOne({ fixed, shortenable: [first, second] }: PromptParts): PromptParts {
  const longest = Math.max(first.length, second.length) - 1;
  return { fixed, shortenable: [first.slice(0, longest), second.slice(0, longest)] };
}

function truncatedOneByOne(parts: PromptParts, room: number): PromptParts {
  if (parts.fixed.join('').length > room) return parts;
  let truncated = parts;
  while (promptText(truncated).length > room) truncated = shortenedByOne(truncated);
  return truncated;
}

describe('a prompt that is longer than its room', () => {
  it('loses characters one at a time from the longer text', () => {
    check(fc.tuple(parts, room), ([parts, room]) => {
      const expected = promptText(truncatedOneByOne(parts, room));
      const truncatedCharacters = promptText(parts).length - expected.length;
      expect(truncateText(parts, room)).toEqual({ text: expected, truncatedCharacters });
    });
  });

  it('loses as much when the two texts change places', () => {
    check(fc.tuple(parts, room), ([parts, room]) => {
      const swapped: PromptParts = { ...parts, shortenable: [parts.shortenable[1], parts.shortenable[0]] };
      const { truncatedCharacters } = truncateText(parts, room);
      expect(truncateText(swapped, room).truncatedCharacters).toBe(truncatedCharacters);
    });
  });

  it('never has half a character', () => {
    const emoji = fc.string({ unit: fc.constantFrom('🙂', 'a'), maxLength: 20 });
    check(fc.tuple(emoji, emoji, room), ([first, second, room]) => {
      const { text } = truncateText({ fixed: ['', '|', ''], shortenable: [first, second] }, room);
      expect(Buffer.from(text).toString()).toBe(text);
      expect([...text].length).toBeLessThanOrEqual(room);
    });
  });
});
