import { describe, expect, it } from 'vitest';
import { knownResponseKeys, readAnswers, saveAnswers } from '../../../src/store/tables/answer-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { contentDump } from '../../support/content-dump.ts';
import { emptyStore, sampleStore } from '../sample.ts';
import { answersOf, generation, setup } from '../sample-run.ts';

const SOFT4 = { model: 'soft', exit: 4 };

describe('saveAnswers', () => {
  it('refuses an answer without its text, to an unknown instruction, at an unknown exit; and then saves nothing', () => {
    const store = emptyStore();
    openRun(store, setup());
    const before = contentDump(store);
    const good = answersOf('soft', 4, { 'i-add': '3' });
    const wrong = [
      { ...good, generations: [] },
      { ...good, answers: [...good.answers, { ...good.answers[0]!, instructionId: 'nobody' }] },
      { ...good, answers: [...good.answers, { ...good.answers[0]!, exit: 7 }] },
    ];
    for (const unit of wrong) expect(() => saveAnswers(store, 'nano', unit)).toThrow('FOREIGN KEY');
    expect(() => saveAnswers(store, 'other', good)).toThrow('FOREIGN KEY');
    expect(contentDump(store)).toEqual(before);
  });

  it('gives back what was said, in the order of the set', () => {
    const store = emptyStore();
    openRun(store, setup());
    const odd = 'nul \0, esc \u001b[31m, "quotes", \u{1f600}, \u202e and 𝒳';
    saveAnswers(store, 'nano', answersOf('soft', 4, { 'i-free': odd, 'i-add': '' }));
    const answers = readAnswers(store, 'nano', SOFT4);
    expect([...answers.keys()]).toEqual(['i-add', 'i-free']);
    expect(answers.get('i-add')?.text).toBe('');
    expect(answers.get('i-free')).toEqual({
      ...SOFT4,
      instructionId: 'i-free',
      responseKey: generation('soft', 4, 'i-free', odd).responseKey,
      text: odd,
      tokenIds: [5, 6, 2],
      stopReason: 'eos',
      promptTokens: 11,
      durationMs: 1.5,
    });
  });

  it('is the same done twice, and content that is there stays as it is', () => {
    const store = sampleStore();
    const before = contentDump(store);
    saveAnswers(store, 'nano', answersOf('soft', 4, { 'i-add': '3', 'i-cap': 'never seen' }));
    expect(contentDump(store)).toEqual(before);
  });

  it('serves one answer to two runs', () => {
    const store = sampleStore();
    openRun(store, setup({ run: 'second' }));
    const { answers, generations } = answersOf('soft', 4, { 'i-add': '3' });
    expect(knownResponseKeys(store, [generations[0]!.responseKey, 'new'])).toEqual(
      new Set([generations[0]!.responseKey]),
    );
    saveAnswers(store, 'second', { generations: [], answers });
    expect(readAnswers(store, 'second', SOFT4).get('i-add')?.text).toBe('3');
  });
});
