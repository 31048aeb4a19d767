import { describe, expect, it } from 'vitest';
import { MIGRATIONS, migrate } from '../../src/store/migrations.ts';
import { openMemory } from '../../src/store/sqlite-driver.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** A file of schema 3 with one row in a table, brought to the newest. */
function migrated(table: string, row: Row): Row {
  const database = openMemory();
  migrate(database, MIGRATIONS.slice(0, 3), []);
  database.execute('PRAGMA foreign_keys = OFF');
  const columns = Object.keys(row);
  const parameters = columns.map((column) => `@${column}`);
  database.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${parameters.join(', ')})`, row);
  if (table === 'model') database.execute("INSERT INTO run VALUES ('r', '{}', 'x', '0', 'now', NULL, NULL)");
  migrate(database);
  return database.all<Row>(`SELECT * FROM ${table}`)[0]!;
}

const generation = (decoding: object, changes: Row = {}) =>
  migrated('generation', {
    ...{ response_key: 'k', sub_model_key: 's', prompt_sha256: 'p', decoding_json: JSON.stringify(decoding) },
    ...{ text: 'four', token_ids: '[]', stop_reason: 'eos', prompt_tokens: 0, duration_ms: 0 },
    ...changes,
  });

const judgement = (decoding: object, changes: Row = {}) =>
  migrated('judgement', {
    ...{ judgement_key: 'k', judge_key: 'j', prompt_sha256: 'p', decoding_json: JSON.stringify(decoding) },
    ...{ raw_text: 'Tie', slot_verdict: 'tie', parser_version: 1, stop_reason: 'eos' },
    ...{ prompt_tokens: 0, generated_tokens: 0, duration_ms: 0 },
    ...changes,
  });

const UNKNOWN = { stop_reason: null, prompt_tokens: null, generated_tokens: null, duration_ms: null };

describe('what schema 3 stored of a response', () => {
  it('that was recorded: no tokens, no end, no time', () => {
    expect(generation({ strategy: 'recorded' })).toMatchObject({
      ...{ state: 'answered', text: 'four', raw_text: null, token_ids: null, finish_reason: null },
      ...UNKNOWN,
    });
  });

  it('that was served: the end and the time stay, and the count of the prompt where there was one', () => {
    const served = { strategy: 'http' };
    expect(
      generation(served, { prompt_tokens: 7, duration_ms: 12.5, stop_reason: 'token-limit' }),
    ).toMatchObject({
      ...{ token_ids: null, generated_tokens: null },
      ...{ stop_reason: 'token-limit', prompt_tokens: 7, duration_ms: 12.5 },
    });
    expect(generation(served)).toMatchObject({ prompt_tokens: null, generated_tokens: null, duration_ms: 0 });
  });

  it('that was computed here stays as it is, and the number of its tokens is that of its ids', () => {
    const local = { token_ids: '[5,2]', prompt_tokens: 11, duration_ms: 0, stop_reason: 'context-end' };
    expect(generation({ strategy: 'greedy' }, local)).toMatchObject({
      ...{ state: 'answered', text: 'four', generated_tokens: 2, thought_characters: 0 },
      ...local,
    });
  });

  it('to a prompt without room is none, and its zeros are true', () => {
    const long = { text: '', stop_reason: 'context-end', prompt_tokens: 900 };
    expect(generation({ strategy: 'greedy' }, long)).toMatchObject({
      ...{ state: 'prompt_too_long', text: null, token_ids: '[]', generated_tokens: 0, prompt_tokens: 900 },
      ...{ stop_reason: 'context-end', duration_ms: 0 },
    });
  });

  it.each([
    ['<think>a</think>Four', { state: 'answered', text: '<think>a</think>Four', thought_characters: 16 }],
    ['<think>a', { state: 'cut_in_reasoning', text: null, raw_text: '<think>a', thought_characters: 8 }],
    ['Say <think>.', { state: 'answered', text: 'Say <think>.', thought_characters: 0 }],
  ])('whose text is %j is read for thoughts', (text, expected) => {
    expect(generation({ strategy: 'http' }, { text })).toMatchObject({ ...expected, echo_characters: null });
  });
});

describe('what schema 3 stored of a verdict', () => {
  it.each([
    ['recorded', { strategy: 'recorded' }],
    ['not asked for, since two responses were identical', { strategy: 'beams', identical: 'tie' }],
  ])('that was %s: no tokens, no end, no time', (_name, decoding) => {
    expect(judgement(decoding)).toMatchObject({
      ...UNKNOWN,
      state: 'answered',
      raw_text: 'Tie',
      parsed_text: null,
    });
  });

  it('that was served or made here keeps what it has', () => {
    const counts = { prompt_tokens: 40, generated_tokens: 9, duration_ms: 20 };
    expect(judgement({ strategy: 'http' }, counts)).toMatchObject({ ...counts, stop_reason: 'eos' });
    expect(judgement({ strategy: 'beams', identical: 'tie' }, counts)).toMatchObject(counts);
    expect(judgement({ strategy: 'http' })).toMatchObject({ generated_tokens: null, duration_ms: 0 });
    expect(judgement({ strategy: 'greedy' })).toMatchObject({ generated_tokens: 0, duration_ms: 0 });
  });
});

describe('what schema 3 stored of the size of a model', () => {
  const size = { head_parameters: 0, extra_head_parameters: 0, weight_bytes: 0, extra_head_bytes: 0 };
  const model = (precision: string, body_parameters: number) =>
    migrated('model', {
      ...{ run: 'r', model: 'm', position: 0, kind: 'plain', layers: 2, precision },
      ...{ ...size, body_parameters, embedding_parameters: body_parameters },
    });

  it('that has no weights here is not known; a tied head of another one stays 0', () => {
    expect(model('unknown', 0)).toMatchObject({
      body_parameters: null,
      head_parameters: null,
      weight_bytes: null,
    });
    expect(model('fp32', 9)).toMatchObject({ body_parameters: 9, head_parameters: 0 });
  });
});
