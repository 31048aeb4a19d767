import { describe, expect, it } from 'vitest';
import { findingTable } from '../../scripts/break/finding.ts';
import { mutate } from '../../scripts/break/mutators.ts';
import { seededRandom } from '../support/random.ts';

const JSON_TEXT = Buffer.from(
  JSON.stringify({ exits: [2, 4], name: 'soft', heads: 4, deep: { list: [1, 2, 3] } }),
);
const BINARY = Buffer.from(Array.from({ length: 300 }, (_, index) => 128 + (index % 100)));

describe('a mutation', () => {
  it.each([
    ['text', JSON_TEXT],
    ['bytes', BINARY],
  ])('of %s is the same for the same seed, and nearly always another file', (_, bytes) => {
    const mutants = Array.from({ length: 200 }, (_, seed) => mutate(bytes, seededRandom(seed)));
    expect(mutants.map((_, seed) => mutate(bytes, seededRandom(seed)))).toEqual(mutants);
    expect(mutants.filter((mutant) => !mutant.equals(bytes)).length).toBeGreaterThan(190);
    expect(new Set(mutants.map((mutant) => mutant.toString('hex'))).size).toBeGreaterThan(150);
  });

  it('leaves the undamaged bytes as they were', () => {
    const before = Buffer.from(JSON_TEXT);
    for (let seed = 0; seed < 100; seed++) mutate(JSON_TEXT, seededRandom(seed));
    expect(JSON_TEXT.equals(before)).toBe(true);
  });
});

describe('the table of reliability.md', () => {
  it('counts the broken promises of each row', () => {
    const finding = { what: 'Kills', tries: '3', promise: 'nothing lost' };
    expect(
      findingTable([
        { ...finding, differences: [] },
        { ...finding, differences: ['a', 'b'] },
      ]),
    ).toBe(
      [
        '| What | How often | Promise | Broken |',
        '|---|---|---|---:|',
        '| Kills | 3 | nothing lost | 0 |',
        '| Kills | 3 | nothing lost | 2 |',
      ].join('\n'),
    );
  });
});
