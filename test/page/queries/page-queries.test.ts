import { describe, expect, it } from 'vitest';
import type { Preference } from '../../../src/core/domain.ts';
import { type CellPair, countOutcomes } from '../../../src/page/content/pair/pairs.ts';
import {
  type CellAddress,
  cellPairsRead,
  pairVerdictsRead,
  responsesRead,
} from '../../../src/page/queries/cell-query.ts';
import { responseQualityRead } from '../../../src/page/queries/degeneration-query.ts';
import { exampleQueries } from '../../../src/page/queries/example-queries.ts';
import { instructionListRead } from '../../../src/page/queries/instruction-query.ts';
import { pairOutcomesRead } from '../../../src/page/queries/outcome-query.ts';
import { runPageQuery } from '../../../src/page/queries/page-queries.ts';
import {
  categoriesRead,
  pairContentsRead,
  pairLooksRead,
} from '../../../src/page/queries/pair-labels-query.ts';
import { protocolRead, runListRead } from '../../../src/page/queries/run-query.ts';
import { beginningOf, charactersOf } from '../../../src/page/queries/whole-text.ts';
import { cellAgreementRead, cellOrdersRead, positionBiasRead } from '../../../src/store/read/judge-reads.ts';
import { read, readFirst } from '../../../src/store/read/read.ts';
import { emptyStore, sampleStore } from '../../store/sample.ts';
import { pageStore } from '../page-store.ts';

const cell: CellAddress = {
  ...{ run: 'nano', comparison: 'soft-vs-sft' },
  ...{ modelA: 'soft', modelB: 'sft', exitA: 4, exitB: 4 },
};
const found = (search: string) =>
  read(sampleStore(), cellPairsRead(cell, search))
    .filter((pair) => pair.found)
    .map(({ instructionId }) => instructionId);

describe('what else is known of the pairs of a cell', () => {
  it('is the category, how both answers look, and the content keys of both', () => {
    const store = sampleStore();
    expect(read(store, categoriesRead('nano'))).toEqual([
      { instructionId: 'i-add', category: 'add' },
      { instructionId: 'i-cap', category: 'capital' },
    ]);
    const looks = read(store, pairLooksRead(cell));
    expect(looks).toHaveLength(3);
    expect(looks[0]).toEqual({ instructionId: 'i-add', looksA: 'ordinary', looksB: 'ordinary' });
    const keys = (exit: number) =>
      read(store, pairContentsRead({ ...cell, exitA: exit })).map(({ instructionId, keyA, keyB }) => [
        instructionId,
        keyA === keyB,
        keyA.length,
      ]);
    expect(keys(4)).toEqual([
      ['i-add', false, 64],
      ['i-cap', false, 64],
      ['i-free', false, 64],
    ]);
    expect(keys(3)).toEqual([]);
  });
});

describe('the pairs of a cell', () => {
  it('have both answers, what is right, and the preference of each order', () => {
    const pairs = read(sampleStore(), cellPairsRead(cell, ''));
    expect(pairs).toMatchObject([
      { instructionId: 'i-add', position: 0, textA: '3', textB: '3', correctA: 1, ab: 'tie', ba: 'tie' },
      { instructionId: 'i-cap', textA: ' Paris\n', lengthA: 7, textB: 'Rome', correctB: 0, ab: 'a', ba: 'a' },
      { instructionId: 'i-free', correctA: null, correctB: null, ab: 'a', ba: 'b' },
    ]);
  });

  it('have texts and lengths beyond a NUL', () => {
    const text = '\u001b[31mred\u001b[0m \u202eabc \u0000 עברית';
    const pair = read(pageStore(), cellPairsRead(cell, '')).find((one) => one.instructionId === 'i-codes')!;
    expect([pair.textA, pair.lengthA]).toEqual([text, [...text].length]);
    const store = emptyStore();
    const length = (value: string) =>
      store.get<{ n: number }>(`SELECT ${charactersOf('v')} AS n FROM (SELECT @value AS v)`, { value })!.n;
    for (const value of ['', 'é', '\0', 'a\0b\\é"\n', 'a\0\\u0000\\\\', '\0😀'])
      expect(length(value), JSON.stringify(value)).toBe([...value].length);
    const beginning = (value: string) =>
      store.get<{ v: string }>(`SELECT ${beginningOf('v', 3)} AS v FROM (SELECT @value AS v)`, { value })!.v;
    expect([beginning('a\0bcd'), beginning('éèà!')]).toEqual(['a\0b', 'éèà']);
  });

  it('are searched in instruction, input and both answers, whatever the case', () => {
    expect(found('')).toHaveLength(3);
    expect(found('rome')).toEqual(['i-cap']);
    expect(found('ONCE')).toEqual(['i-free']);
    expect(found('france')).toEqual(['i-cap']);
    expect(found("'; DROP TABLE answer; --")).toEqual([]);
  });

  it('of a cell that is not judged are open', () => {
    const pairs = read(sampleStore(), cellPairsRead({ ...cell, comparison: 'other' }, ''));
    expect(pairs.map(({ ab, ba }) => [ab, ba])).toEqual(Array(3).fill([null, null]));
  });

  it('add up to the counts of the views', () => {
    const store = pageStore();
    const pairs = read(store, cellPairsRead(cell, ''));
    const counts = countOutcomes(pairs);
    const { readPairs, flips } = readFirst(store, positionBiasRead(cell))!;
    expect({ readPairs, flips }).toEqual({
      readPairs: counts.a + counts.b + counts.tie + counts.flip,
      flips: counts.flip,
    });
    expect(flips).toBe(1);
    const orders = read(store, cellOrdersRead(cell));
    expect(orders).toMatchObject([ordersOf(pairs, 'ab'), ordersOf(pairs, 'ba')]);
    const decided = pairs.filter(({ correctA, correctB }) => (correctA ?? 0) + (correctB ?? 0) === 1);
    const verdicts = decided.flatMap(({ ab, ba, correctA }) =>
      [ab, ba].map((preference) => preference === (correctA === 1 ? 'a' : 'b')),
    );
    expect(readFirst(store, cellAgreementRead(cell))).toEqual({
      decidable: verdicts.length,
      agreeing: verdicts.filter(Boolean).length,
    });
    expect(verdicts).toHaveLength(2);
  });
});

function ordersOf(pairs: readonly CellPair[], order: 'ab' | 'ba') {
  const count = (preference: Preference) => pairs.filter((pair) => pair[order] === preference).length;
  return { order, wins: count('a'), losses: count('b'), ties: count('tie'), malformed: count('malformed') };
}

describe('a pair', () => {
  it("has the judge's own words in both orders", () => {
    expect(read(sampleStore(), pairVerdictsRead(cell, 'i-cap'))).toMatchObject([
      { order: 'ab', slotVerdict: '1', preference: 'a', rawText: '1\n\n### Reason: because' },
      { order: 'ba', slotVerdict: '2', preference: 'a' },
    ]);
  });

  it('has answers with all that was measured, of one sub-model or of all', () => {
    const store = sampleStore();
    const of = { model: 'sft', exit: 4 };
    expect(read(store, responsesRead('nano', 'i-cap', of))).toMatchObject([
      {
        model: 'sft',
        text: 'Rome',
        answer: 'Paris',
        correct: 0,
        generatedTokens: 3,
        stopReason: 'eos',
        durationMs: 1.5,
      },
    ]);
    expect(read(store, responsesRead('nano', 'i-cap')).map(({ model }) => model)).toEqual(['sft', 'soft']);
    expect(read(store, responseQualityRead('nano', 'i-cap')).map(({ looks }) => looks)).toEqual([
      'ordinary',
      'ordinary',
    ]);
  });
});

describe('a run', () => {
  it('has a protocol', () => {
    const store = sampleStore();
    expect(read(store, runListRead())).toMatchObject([{ run: 'nano', instructions: 3, finishedAt: null }]);
    expect(read(store, protocolRead('nano'))).toMatchObject([{ toolVersion: '0.1.0', config: '{"seed":1}' }]);
  });

  it('lists its instructions with the number of right answers', () => {
    const store = sampleStore();
    expect(read(store, instructionListRead('nano', ''))).toMatchObject([
      { instructionId: 'i-add', correct: 2, responses: 2 },
      { instructionId: 'i-cap', correct: 1 },
      { instructionId: 'i-free', correct: null },
    ]);
    expect(read(store, instructionListRead('nano', 'twice'))).toMatchObject([{ instructionId: 'i-free' }]);
  });

  it('gives both orders of every pair, to be compared with another run', () => {
    expect(read(sampleStore(), pairOutcomesRead('nano', 'soft-vs-sft'))).toContainEqual({
      ...{ exitA: 4, exitB: 4, instructionId: 'i-free', ab: 'a', ba: 'b' },
    });
  });
});

describe('SQL', () => {
  const run = (sql: string) => runPageQuery(sampleStore(), { kind: 'sql', sql });

  it('is answered when it only reads, and refused otherwise', () => {
    expect(run('SELECT count(*) AS n FROM responses')).toEqual({ columns: ['n'], rows: [[6]] });
    expect(() => run('DELETE FROM answer')).toThrow('only reads');
    expect(() => run('SELECT * FROM respones')).toThrow('Did you mean responses?');
  });

  it.each(exampleQueries("it's"))('has the example %s, which runs', (_title, sql) => {
    expect(sql).toContain("run = 'it''s'");
    expect(run(sql)).toMatchObject({ rows: [] });
  });
});
