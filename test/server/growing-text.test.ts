import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingText } from '../../src/server/text/growing-text.ts';
import { cutAtStop } from '../../src/server/text/stop-text.ts';
import { tokenText } from '../../src/server/text/token-texts.ts';

/** A tokenizer whose tokens are bytes. */
const decode = (ids: readonly number[]) => Buffer.from(ids).toString('utf8');
const tokenOf = (id: number) => `<${id}>`;

describe('a text that grows token by token', () => {
  it('is the whole text in the end, whatever comes together, and shows no half character before', () => {
    const pieces = fc.array(fc.nat({ max: 4 }), { maxLength: 40 });
    const stops = fc.array(fc.constantFrom('ab', 'b\n', '🙂', 'aab'), { maxLength: 2 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', '🙂', '人') }),
        pieces,
        stops,
        (text, cuts, stop) => {
          const ids = [...Buffer.from(text)];
          const growing = new GrowingText(decode, stop);
          const shown = cuts.map((count) => growing.add(ids.splice(0, count)));
          expect(shown.join('')).not.toContain('\uFFFD');
          const all = shown.join('') + growing.end(ids);
          expect(all).toBe(cutAtStop(text, stop));
        },
      ),
      { seed: 5 },
    );
  });

  it('keeps back what a stop text may begin with, and shows it when it does not', () => {
    const growing = new GrowingText(decode, ['stop']);
    const add = (text: string) => growing.add([...Buffer.from(text)]);
    expect([add('now st'), add('o'), add('re'), add(' sto')]).toEqual(['now ', '', 'store', ' ']);
    expect(growing.end([])).toBe('sto');
  });
});

describe('the text of a token', () => {
  it('is what it adds; the last byte of a character adds all of it', () => {
    const ids = [...Buffer.from('aé')];
    const texts = ids.map((id, index) => tokenText({ decode, tokenOf }, ids.slice(0, index), id));
    expect(texts).toEqual([
      { name: 'a', length: 1 },
      { name: '<195>', length: 0 },
      { name: 'é', length: 1 },
    ]);
  });
});
