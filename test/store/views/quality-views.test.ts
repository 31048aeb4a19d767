import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import type { Store } from '../../../src/store/database.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { saveLoglikelihoods, saveScorer } from '../../../src/store/tables/loglikelihood-table.ts';
import { saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { emptyStore, rowsOf } from '../sample.ts';
import { generation, JUDGE, responsesOf, saveVerdicts, setup, verdict } from '../sample-run.ts';

const LOOP = 'la '.repeat(10);
const LETTER = 'Here is a sentence that says one thing after another.';
const REFERENCE = { model: 'sft', exit: 4, scorerKey: sha256('sft 4') };

/** soft@4 answers as told, sft@4 answers `3` to everything. */
function storeWith(texts: Readonly<Record<string, string>>): Store {
  const store = emptyStore();
  openRun(store, setup());
  const other = Object.fromEntries(Object.keys(texts).map((id) => [id, '3']));
  saveResponses(store, 'nano', responsesOf('soft', 4, texts));
  saveResponses(store, 'nano', responsesOf('sft', 4, other));
  return store;
}

function saveMeans(store: Store, means: Readonly<Record<string, number>>, scorerKey = REFERENCE.scorerKey) {
  const records = Object.entries(means).map(([id, meanLogProbability]) => ({
    responseKey: generation('soft', 4, id, '').responseKey,
    scorerKey,
    tokens: 3,
    meanLogProbability,
  }));
  saveLoglikelihoods(store, records);
}

const looksOf = (store: Store) =>
  rowsOf(store, 'answer_quality')
    .filter(({ model }) => model === 'soft')
    .map(({ looks, degenerate }) => [looks, degenerate]);

describe('answer_quality', () => {
  it.each<[string, string, number | undefined, unknown[]]>([
    ['ordinary without a reference', LETTER, undefined, ['ordinary', 0]],
    ['ordinary at −4 nats', LETTER, -4, ['ordinary', 0]],
    ['unlikely below', LETTER, -4.01, ['unlikely', 1]],
    ['repetitive, likely as it may be', LOOP, -0.1, ['repetitive', 1]],
    ['empty, unlikely as it may be', ' \u2003\n', -9, ['empty', 0]],
  ])('calls an answer %s', (_, text, mean, expected) => {
    const store = storeWith({ 'i-add': text });
    saveScorer(store, 'nano', REFERENCE);
    if (mean !== undefined) saveMeans(store, { 'i-add': mean });
    expect(looksOf(store)).toEqual([expected]);
  });

  it('goes by the run’s own reference, and by none where it has none', () => {
    const store = storeWith({ 'i-add': LETTER });
    saveMeans(store, { 'i-add': -9 }, sha256('another'));
    saveScorer(store, 'nano', REFERENCE);
    expect(rowsOf(store, 'answer_quality')[1]).toMatchObject({
      mean_log_probability: null,
      reference_model: 'sft',
      reference_exit: 4,
    });
    saveMeans(store, { 'i-add': -9 });
    expect(looksOf(store)).toEqual([['unlikely', 1]]);
    saveScorer(store, 'nano', undefined);
    expect(rowsOf(store, 'answer_quality')[1]).toMatchObject({ looks: 'ordinary', reference_model: null });
  });

  it('belongs to its run alone: a further run under its name has none yet, and shares the values', () => {
    const store = storeWith({ 'i-add': LETTER });
    saveScorer(store, 'nano', REFERENCE);
    saveMeans(store, { 'i-add': -9 });
    const { run } = openRun(store, setup({ config: { seed: 2 } }));
    expect(rowsOf(store, 'answer_quality').map((row) => row['run'])).toEqual(['nano', 'nano']);
    expect(store.all('SELECT * FROM run_reference WHERE run = @run', { run })).toEqual([]);
    expect(store.all('SELECT * FROM likelihood')).toHaveLength(1);
  });
});

describe('degenerate_answers', () => {
  it('counts the answers of an exit by how they look', () => {
    const store = storeWith({ 'i-add': LOOP, 'i-cap': '', 'i-free': LETTER });
    saveScorer(store, 'nano', REFERENCE);
    saveMeans(store, { 'i-add': -1, 'i-free': -5 });
    expect(rowsOf(store, 'degenerate_answers')[1]).toEqual({
      run: 'nano',
      model: 'soft',
      exit: 4,
      answers: 3,
      empty: 1,
      repetitive: 1,
      unlikely: 1,
      degenerate: 2,
      degenerate_share: 2 / 3,
      mean_log_probability: -3,
    });
  });
});

describe('degenerate_wins', () => {
  it('counts verdicts of both orders for degenerate and for empty answers', () => {
    const store = storeWith({ 'i-add': LOOP, 'i-cap': '', 'i-free': LETTER });
    saveJudge(store, 'nano', JUDGE);
    saveVerdicts(store, 'nano', [
      // The loop wins in both orders, the empty answer in one, the letter in one; the other answer `3` in one.
      verdict('i-add', 'ab', '1'),
      verdict('i-add', 'ba', '2'),
      verdict('i-cap', 'ab', '1'),
      verdict('i-cap', 'ba', 'tie'),
      verdict('i-free', 'ab', '1'),
      verdict('i-free', 'ba', '1'),
    ]);
    const [cell, ...others] = rowsOf(store, 'degenerate_wins');
    expect(others).toEqual([]);
    expect(cell).toMatchObject({
      exit_a: 4,
      exit_b: 4,
      wins: 5,
      degenerate: 2,
      share: 2 / 5,
      of_a: 2,
      of_b: 0,
      over_ordinary: 2,
      empty: 1,
      judge: JUDGE.judge,
    });
  });

  it('has no share where no verdict prefers anything', () => {
    const store = storeWith({ 'i-add': LOOP });
    saveJudge(store, 'nano', JUDGE);
    saveVerdicts(store, 'nano', [verdict('i-add', 'ab', 'tie'), verdict('i-add', 'ba', 'malformed')]);
    expect(rowsOf(store, 'degenerate_wins')).toMatchObject([{ wins: 0, degenerate: 0, share: null }]);
  });
});
