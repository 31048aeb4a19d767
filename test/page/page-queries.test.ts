import { describe, expect, it } from 'vitest';
import { countPairs } from '../../src/page/pairs.ts';
import {
  type CellAddress,
  readAnswers,
  readCellPairs,
  readPairVerdicts,
} from '../../src/page/queries/cell-query.ts';
import { readDegenerateWins, readLooks } from '../../src/page/queries/degeneration-query.ts';
import { readInstructionList } from '../../src/page/queries/instruction-query.ts';
import { readPairOutcomes } from '../../src/page/queries/outcome-query.ts';
import { askStore } from '../../src/page/queries/page-queries.ts';
import { readProtocol, readRunList } from '../../src/page/queries/run-query.ts';
import { sampleStore } from '../store/sample.ts';

const cell: CellAddress = {
  ...{ run: 'nano', comparison: 'soft-vs-sft' },
  ...{ modelA: 'soft', modelB: 'sft', exitA: 4, exitB: 4 },
};
const found = (search: string) =>
  readCellPairs(sampleStore(), cell, search)
    .filter((pair) => pair.found)
    .map(({ instructionId }) => instructionId);

describe('the pairs of a cell', () => {
  it('have both answers, what is right, and the preference of each order', () => {
    const pairs = readCellPairs(sampleStore(), cell, '');
    expect(pairs).toMatchObject([
      { instructionId: 'i-add', position: 0, textA: '3', textB: '3', correctA: 1, ab: 'tie', ba: 'tie' },
      { instructionId: 'i-cap', textA: ' Paris\n', lengthA: 7, textB: 'Rome', correctB: 0, ab: 'a', ba: 'a' },
      { instructionId: 'i-free', correctA: null, correctB: null, ab: 'a', ba: 'b' },
    ]);
    expect(countPairs(pairs)).toMatchObject({ flips: 1, decidable: 2, agreeing: 2 });
  });

  it('are searched in instruction, input and both answers, whatever the case', () => {
    expect(found('')).toHaveLength(3);
    expect(found('rome')).toEqual(['i-cap']);
    expect(found('ONCE')).toEqual(['i-free']);
    expect(found('france')).toEqual(['i-cap']);
    expect(found("'; DROP TABLE answer; --")).toEqual([]);
  });

  it('of a cell that is not judged are open', () => {
    const pairs = readCellPairs(sampleStore(), { ...cell, comparison: 'other' }, '');
    expect(pairs.map(({ ab, ba }) => [ab, ba])).toEqual(Array(3).fill([null, null]));
  });
});

describe('a pair', () => {
  it("has the judge's own words in both orders", () => {
    expect(readPairVerdicts(sampleStore(), cell, 'i-cap')).toMatchObject([
      { order: 'ab', slotVerdict: '1', preference: 'a', rawText: '1\n\n### Reason: because' },
      { order: 'ba', slotVerdict: '2', preference: 'a' },
    ]);
  });

  it('has answers with all that was measured, of one sub-model or of all', () => {
    const store = sampleStore();
    const of = { model: 'sft', exit: 4 };
    expect(readAnswers(store, 'nano', 'i-cap', of)).toMatchObject([
      {
        model: 'sft',
        text: 'Rome',
        answer: 'Paris',
        correct: 0,
        tokens: 3,
        stopReason: 'eos',
        durationMs: 1.5,
      },
    ]);
    expect(readAnswers(store, 'nano', 'i-cap').map(({ model }) => model)).toEqual(['sft', 'soft']);
    expect(readLooks(store, 'nano', 'i-cap').map(({ looks }) => looks)).toEqual(['ordinary', 'ordinary']);
    const cell = { run: 'nano', comparison: 'soft-vs-sft', exitA: 4, exitB: 4 };
    expect(readDegenerateWins(store, cell)).toMatchObject({ wins: 4, degenerateWins: 0, emptyWins: 0 });
  });
});

describe('a run', () => {
  it('tells its protocol', () => {
    const store = sampleStore();
    expect(readRunList(store)).toMatchObject([{ run: 'nano', instructions: 3, finishedAt: null }]);
    expect(readProtocol(store, 'nano')).toMatchObject({ toolVersion: '0.1.0', config: '{"seed":1}' });
  });

  it('lists its instructions with the number of right answers', () => {
    const store = sampleStore();
    expect(readInstructionList(store, 'nano', '')).toMatchObject([
      { instructionId: 'i-add', correct: 2, answers: 2 },
      { instructionId: 'i-cap', correct: 1 },
      { instructionId: 'i-free', correct: null },
    ]);
    expect(readInstructionList(store, 'nano', 'twice')).toMatchObject([{ instructionId: 'i-free' }]);
  });

  it('gives both orders of every pair, to be compared with another run', () => {
    expect(readPairOutcomes(sampleStore(), 'nano', 'soft-vs-sft')).toContainEqual({
      ...{ exitA: 4, exitB: 4, instructionId: 'i-free', ab: 'a', ba: 'b' },
    });
  });
});

describe('SQL', () => {
  it('is answered when it only reads, and refused otherwise', () => {
    const store = sampleStore();
    expect(askStore(store, 'sql', ['SELECT count(*) AS n FROM responses'])).toEqual({
      columns: ['n'],
      rows: [[6]],
    });
    expect(() => askStore(store, 'sql', ['DELETE FROM answer'])).toThrow('only reads');
    expect(() => askStore(store, 'sql', ['SELECT * FROM respones'])).toThrow('Did you mean responses?');
  });
});
