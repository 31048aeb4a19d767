import { describe, expect, it } from 'vitest';
import type { Order, SlotVerdict } from '../../../src/core/domain.ts';
import { qualityRead } from '../../../src/store/read/exit-reads.ts';
import { queryView } from '../../../src/store/read/query-view.ts';
import { read } from '../../../src/store/read/read.ts';
import { saveJudge } from '../../../src/store/tables/judge-table.ts';
import { saveResponses } from '../../../src/store/tables/response-table.ts';
import { openRun } from '../../../src/store/tables/run-table.ts';
import { VIEWS } from '../../../src/store/views/views.ts';
import { isExactMatch } from '../../support/oracles/exact-match.ts';
import { emptyStore, rowsOf, sampleStore } from '../sample.ts';
import { JUDGE, responsesOf, saveVerdicts, setup, verdict } from '../sample-run.ts';

const CELL = {
  run: 'nano',
  comparison: 'soft-vs-sft',
  model_a: 'soft',
  exit_a: 4,
  model_b: 'sft',
  exit_b: 4,
};

describe('views over runs, models and answers', () => {
  it.each(VIEWS)('$name has the columns that it says', ({ name, columns }) => {
    const store = emptyStore();
    const rows = store.all<{ name: string }>('SELECT name FROM pragma_table_info(@name)', { name });
    expect(rows.map((row) => row.name)).toEqual(columns);
    expect(queryView(store, name)).toEqual({ columns, rows: [] });
  });

  it.each<[Order, SlotVerdict, string]>([
    ['ab', '1', 'a'],
    ['ab', '2', 'b'],
    ['ba', '1', 'b'],
    ['ba', '2', 'a'],
    ['ab', 'tie', 'tie'],
    ['ba', 'malformed', 'malformed'],
  ])('verdicts: in order %s, %s prefers %s', (order, slotVerdict, preference) => {
    const store = emptyStore();
    openRun(store, setup());
    saveJudge(store, 'nano', JUDGE);
    saveVerdicts(store, 'nano', [verdict('i-add', order, slotVerdict)]);
    expect(rowsOf(store, 'verdicts')).toEqual([
      {
        ...CELL,
        instruction_id: 'i-add',
        ord: order,
        slot1_model: order === 'ab' ? 'soft' : 'sft',
        slot2_model: order === 'ab' ? 'sft' : 'soft',
        slot_verdict: slotVerdict,
        preference,
        raw_text: `${slotVerdict}\n\n### Reason: because`,
        parser_version: 1,
        stop_reason: 'eos',
        judge: JUDGE.judge,
        judge_deviations: 'greedy decoding; no penalty',
      },
    ]);
  });

  it('responses: knows right from wrong, and says nothing where no answer is known', () => {
    const rows = rowsOf(sampleStore(), 'responses');
    const short = rows.map((row) => [
      row['model'],
      row['position'],
      row['instruction_id'],
      row['answer'],
      row['correct'],
    ]);
    expect(short).toEqual([
      ['sft', 0, 'i-add', '3', 1],
      ['sft', 1, 'i-cap', 'Paris', 0],
      ['sft', 2, 'i-free', null, null],
      ['soft', 0, 'i-add', '3', 1],
      ['soft', 1, 'i-cap', 'Paris', 1],
      ['soft', 2, 'i-free', null, null],
    ]);
    expect(rows[0]).toMatchObject({
      generated_tokens: 3,
      prompt_tokens: 11,
      duration_ms: 1.5,
      stop_reason: 'eos',
      text: '3',
    });
  });

  it('responses: strips what the rest of the program strips, and nothing else', () => {
    const store = emptyStore();
    const codes = Array.from({ length: 0x3000 }, (_, index) => index + 1).concat(0xfeff);
    const texts = codes
      .map((code) => String.fromCharCode(code))
      .filter((mark) => /[\s\p{Z}\p{Cc}\p{Cf}x]/u.test(mark))
      .map((mark) => `${mark}Paris${mark}`);
    const instructions = texts.map((_, index) => ({
      id: `i${index}`,
      instruction: `${index}`,
      input: '',
      answer: 'Paris',
    }));
    openRun(store, setup({ instructions }));
    saveResponses(
      store,
      'nano',
      responsesOf('soft', 4, Object.fromEntries(texts.map((text, index) => [`i${index}`, text]))),
    );
    const right = rowsOf(store, 'responses').filter(({ correct }) => correct === 1);
    expect(right.map(({ text }) => text)).toEqual(texts.filter((text) => isExactMatch(text, 'Paris')));
    expect(right).toHaveLength(29);
  });

  it('quality: counts the known answers alone', () => {
    const store = sampleStore();
    expect(rowsOf(store, 'quality')).toEqual([
      { run: 'nano', model: 'sft', exit: 4, right: 1, total: 2, exact_match: 0.5 },
      { run: 'nano', model: 'soft', exit: 4, right: 2, total: 2, exact_match: 1 },
    ]);
    expect(read(store, qualityRead('nano'))[1]).toEqual({
      model: 'soft',
      exit: 4,
      right: 2,
      total: 2,
      exactMatch: 1,
    });
  });

  it('runs and models: tell the deviations of the judge and the exits', () => {
    const store = sampleStore();
    expect(rowsOf(store, 'runs')).toMatchObject([
      { run: 'nano', instructions: 3, judge: 'nano-judge', judge_deviations: 'greedy decoding; no penalty' },
    ]);
    expect(rowsOf(store, 'models')).toMatchObject([
      { model: 'soft', position: 0, exits: '3 4' },
      { model: 'sft', position: 1, exits: '3 4' },
    ]);
  });
});
