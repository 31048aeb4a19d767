import { describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { readPair } from '../../../src/store/read/pair-record.ts';
import { saveLoglikelihoods, saveScorer } from '../../../src/store/tables/loglikelihood-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { emptyStore, inputErrorOf, sampleStore } from '../sample.ts';
import { generation, setup } from '../sample-run.ts';

const CHOICE = { instruction: 'i-cap', a: 'soft@4', b: 'sft@4' };

describe('readPair', () => {
  it('gives both responses and both orders, with everything that was measured of them', () => {
    const store = sampleStore();
    saveScorer(store, 'nano', { model: 'sft', exit: 4, scorerKey: 'r' });
    const { responseKey } = generation('soft', 4, 'i-cap', '');
    saveLoglikelihoods(store, [{ responseKey, scorerKey: 'r', tokens: 3, meanLogProbability: -5 }]);
    const prompt = alpacaPrompt({ instruction: 'Capital?', input: 'France' });
    expect(readPair(store, CHOICE)).toEqual({
      run: 'nano',
      instruction: {
        id: 'i-cap',
        instruction: 'Capital?',
        input: 'France',
        answer: 'Paris',
        category: 'capital',
      },
      position: 1,
      a: {
        model: 'soft',
        exit: 4,
        prompt,
        response: {
          state: 'answered',
          rawText: null,
          text: ' Paris\n',
          isCorrect: true,
          stopReason: 'eos',
          generatedTokens: 3,
          looks: 'unlikely',
          meanLogProbability: -5,
        },
      },
      b: {
        model: 'sft',
        exit: 4,
        prompt,
        response: {
          state: 'answered',
          rawText: null,
          text: 'Rome',
          isCorrect: false,
          stopReason: 'eos',
          generatedTokens: 3,
          looks: 'ordinary',
          meanLogProbability: null,
        },
      },
      verdicts: [
        {
          comparison: 'soft-vs-sft',
          order: 'ab',
          slot1: 'soft@4',
          slot2: 'sft@4',
          slotVerdict: '1',
          preferred: 'soft@4',
          rawText: '1\n\n### Reason: because',
        },
        {
          comparison: 'soft-vs-sft',
          order: 'ba',
          slot1: 'sft@4',
          slot2: 'soft@4',
          slotVerdict: '2',
          preferred: 'soft@4',
          rawText: '2\n\n### Reason: because',
        },
      ],
    });
  });

  it('finds the verdicts the other way round, and an instruction by its beginning', () => {
    const store = sampleStore();
    const pair = readPair(store, { instruction: 'i-f', a: 'sft@4', b: 'soft@4' });
    expect(pair.instruction.id).toBe('i-free');
    expect(pair.a.response).toMatchObject({ text: 'Twice', isCorrect: null });
    expect(pair.verdicts.map(({ slot1 }) => slot1)).toEqual(['soft@4', 'sft@4']);
  });

  it('names what is missing', () => {
    const { a, verdicts } = readPair(sampleStore(), { ...CHOICE, a: 'soft@3' });
    expect(a).toEqual({ model: 'soft', exit: 3 });
    expect(verdicts).toEqual([]);
  });

  it.each([
    ['an instruction', { instruction: 'i-capp' }, '--instruction', 'Did you mean i-cap?'],
    ['no instruction', { instruction: '' }, '--instruction', 'Did you mean'],
    ['a beginning of several', { instruction: 'i-' }, '--instruction', 'begins 3'],
    ['a model', { a: 'sotf@4' }, '--a', 'Did you mean soft@4?'],
    ['an exit', { b: 'soft@5' }, '--b', 'Did you mean soft@3?'],
    ['a run', { run: 'nona' }, '--run', 'Did you mean nano?'],
  ])('answers a misspelled name with the nearest: %s', (_, change, where, said) => {
    const error = inputErrorOf(() => readPair(sampleStore(), { ...CHOICE, ...change }));
    expect(error).toMatchObject({ code: 'bad-query', where });
    expect(error.message).toContain(said);
  });

  it('takes the run that is named, and explains that there is none', () => {
    const store = sampleStore();
    openRun(store, setup({ run: 'second' }));
    expect(readPair(store, { ...CHOICE, run: 'nano' }).run).toBe('nano');
    expect(inputErrorOf(() => readPair(emptyStore(), CHOICE)).message).toContain('sorted-eval sweep');
  });
});
