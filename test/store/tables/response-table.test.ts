import { describe, expect, it } from 'vitest';
import { knownResponseKeys, readResponses, saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { contentDump } from '../../support/content-dump.ts';
import { emptyStore, sampleStore } from '../sample.ts';
import { generation, responsesOf, setup } from '../sample-run.ts';

const SOFT4 = { model: 'soft', exit: 4 };

describe('saveResponses', () => {
  it('refuses an answer without its text, to an unknown instruction, at an unknown exit; and then saves nothing', () => {
    const store = emptyStore();
    openRun(store, setup());
    const before = contentDump(store);
    const good = responsesOf('soft', 4, { 'i-add': '3' });
    const wrong = [
      { ...good, responses: [] },
      { ...good, mappings: [...good.mappings, { ...good.mappings[0]!, instructionId: 'nobody' }] },
      { ...good, mappings: [...good.mappings, { ...good.mappings[0]!, exit: 7 }] },
    ];
    for (const unit of wrong) expect(() => saveResponses(store, 'nano', unit)).toThrow('FOREIGN KEY');
    expect(() => saveResponses(store, 'other', good)).toThrow('FOREIGN KEY');
    expect(contentDump(store)).toEqual(before);
  });

  it('gives back what was said, in the order of the set', () => {
    const store = emptyStore();
    openRun(store, setup());
    const odd = 'nul \0, esc \u001b[31m, "quotes", \u{1f600}, \u202e and 𝒳';
    saveResponses(store, 'nano', responsesOf('soft', 4, { 'i-free': odd, 'i-add': '' }));
    const responses = readResponses(store, 'nano', SOFT4);
    expect([...responses.keys()]).toEqual(['i-add', 'i-free']);
    expect(responses.get('i-add')?.text).toBe('');
    expect(responses.get('i-free')).toEqual({
      ...SOFT4,
      instructionId: 'i-free',
      responseKey: generation('soft', 4, 'i-free', odd).responseKey,
      state: 'answered',
      text: odd,
      tokenIds: [5, 6, 2],
      stopReason: 'eos',
      finishReason: null,
      promptTokens: 11,
      generatedTokens: 3,
      durationMs: 1.5,
    });
  });

  it('is the same done twice, and content that is there stays as it is', () => {
    const store = sampleStore();
    const before = contentDump(store);
    saveResponses(store, 'nano', responsesOf('soft', 4, { 'i-add': '3', 'i-cap': 'never seen' }));
    expect(contentDump(store)).toEqual(before);
  });

  it('serves one answer to two runs', () => {
    const store = sampleStore();
    openRun(store, setup({ run: 'second' }));
    const { mappings, responses } = responsesOf('soft', 4, { 'i-add': '3' });
    expect(knownResponseKeys(store, [responses[0]!.responseKey, 'new'])).toEqual(
      new Set([responses[0]!.responseKey]),
    );
    saveResponses(store, 'second', { responses: [], mappings });
    expect(readResponses(store, 'second', SOFT4).get('i-add')?.text).toBe('3');
  });
});
