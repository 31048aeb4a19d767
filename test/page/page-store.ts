/** A small judged run whose answers try to break the page that shows them. */
import type { Policy } from '../../src/core/domain.ts';
import type { Store } from '../../src/store/database.ts';
import { saveJudge } from '../../src/store/tables/judge-table.ts';
import { saveResponses } from '../../src/store/tables/response-table.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { type CellScore, saveChecks, saveScores } from '../../src/store/tables/score-table.ts';
import { emptyStore } from '../store/sample.ts';
import { JUDGE, responsesOf, saveVerdicts, setup, verdict } from '../store/sample-run.ts';

/** Runs where it is taken for markup; a test looks for what it leaves behind. */
const SCRIPT =
  '<img src="http://127.0.0.1:9/x" onerror="window.broken = 1"><script>window.broken = 1</script>';
const MEGABYTE = 'word '.repeat(200_000);

const INSTRUCTIONS = [
  { id: 'i-add', instruction: 'Add the two numbers.', input: '1 2', answer: '3' },
  { id: 'i-cap', instruction: 'Name the capital.', input: 'France', answer: 'Paris' },
  { id: 'i-html', instruction: `Say <b>bold</b> ${SCRIPT}`, input: SCRIPT, answer: 'x' },
  { id: 'i-codes', instruction: 'Write codes.', input: '\u202egnp.exe' },
  { id: 'i-long', instruction: 'Write a megabyte.', input: MEGABYTE },
];
const A = {
  'i-add': '3',
  'i-cap': 'The capital of France is Paris',
  'i-html': SCRIPT,
  'i-codes': '\u001b[31mred\u001b[0m \u202eabc \u0000 עברית',
  'i-long': MEGABYTE,
};
const B = {
  ...A,
  'i-add': '4',
  'i-cap': 'The capital of Italy is Rome',
  'i-html': '</script></textarea>',
  'i-long': 'short',
};

/** @param winner of `i-cap` in both orders: what two such runs can differ in */
export function pageStore({ winner = 'a' as 'a' | 'b', score = 0.6 } = {}): Store {
  const store = emptyStore();
  openRun(store, setup({ instructions: INSTRUCTIONS }));
  for (const [model, texts] of [
    ['soft', A],
    ['sft', B],
  ] as const)
    for (const exit of [3, 4]) saveResponses(store, 'nano', responsesOf(model, exit, texts));
  saveJudge(store, 'nano', JUDGE);
  const [first, second] = winner === 'a' ? (['1', '2'] as const) : (['2', '1'] as const);
  saveVerdicts(store, 'nano', [
    ...[verdict('i-add', 'ab', '1'), verdict('i-add', 'ba', '1')],
    ...[verdict('i-cap', 'ab', first), verdict('i-cap', 'ba', second)],
    ...[hostileVerdict('ab'), hostileVerdict('ba')],
    ...[verdict('i-codes', 'ab', 'tie'), verdict('i-codes', 'ba', 'tie')],
    ...[verdict('i-long', 'ab', 'malformed'), verdict('i-long', 'ba', '2')],
  ]);
  saveScores(store, 'nano', 'average', [
    scored('average', score, 0.01),
    scored('pooled', score, 0.01),
    { ...scored('average', 0.1, 0.4), exitB: 3 },
  ]);
  saveChecks(store, 'nano', [
    { name: 'malformed verdicts', passed: false, detail: '1 of 10 (10.0 %), limit 5.0 %' },
  ]);
  return store;
}

function hostileVerdict(order: 'ab' | 'ba') {
  const { judgement, pair } = verdict('i-html', order, 'tie');
  const rawText = `Tie\n\n### Reason: ${SCRIPT}\n\n### Reference: <b>${order}</b>`;
  return { judgement: { ...judgement, rawText }, pair };
}

function scored(policy: Policy, score: number, pHolm: number): CellScore {
  const counts = { wins: 3, losses: 1, ties: 1, malformed: 0, total: 5, score };
  const cell = { comparison: 'soft-vs-sft', exitA: 4, exitB: 4, policy, malformedRule: 'dropped' as const };
  return { ...cell, ...counts, ciLow: score - 0.2, ciHigh: score + 0.2, pValue: pHolm / 2, pHolm };
}
