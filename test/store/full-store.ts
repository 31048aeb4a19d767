import type { Store } from '../../src/store/database.ts';
import { saveHumanAgreement } from '../../src/store/tables/human-agreement-table.ts';
import { saveKl } from '../../src/store/tables/kl-table.ts';
import { saveLoglikelihoods, saveScorer } from '../../src/store/tables/loglikelihood-table.ts';
import { saveResponses } from '../../src/store/tables/response-table.ts';
import { saveChecks, saveScores } from '../../src/store/tables/score-table.ts';
import { saveTimed } from '../support/timed-speed.ts';
import { sampleStore } from './sample.ts';
import { generation, JUDGE } from './sample-run.ts';

const SOFT4 = { model: 'soft', exit: 4 };
const SFT4_KEY = 'r'.repeat(64);

/** The sample with every kind of measurement, so that no view is empty. */
export function fullStore(): Store {
  const store = sampleStore();
  const { responseKey } = generation('sft', 4, 'i-add', '3');
  saveScore(store);
  saveOneKl(store, responseKey);
  saveScorer(store, 'nano', { model: 'sft', exit: 4, scorerKey: SFT4_KEY });
  saveLoglikelihoods(store, [{ responseKey, scorerKey: SFT4_KEY, tokens: 2, meanLogProbability: -0.5 }]);
  saveTimed(store, 'nano', [
    { ...SOFT4, batchSize: 8, tokens: 100, durationsMs: [12.5] },
    { ...SOFT4, exit: 3, batchSize: 8, tokens: 100, durationsMs: [10] },
  ]);
  saveChecks(store, 'nano', [{ name: 'symmetry', passed: true, detail: 'all cells' }]);
  saveAgreement(store);
  saveUnanswered(store);
  saveAdaptive(store);
  return store;
}

/** Of an instruction that no other test judges. */
function saveUnanswered(store: Store): void {
  const made = generation('soft', 3, 'i-free', '');
  const response = { ...made, state: 'refused' as const, text: null, rawText: 'No.', finishReason: 'stop' };
  const { responseKey } = made;
  const mapping = { model: 'soft', exit: 3, instructionId: 'i-free', responseKey };
  saveResponses(store, 'nano', { responses: [response], mappings: [mapping] });
}

function saveAdaptive(store: Store): void {
  const made = generation('sft', 3, 'i-free', 'ab');
  const response = { ...made, tokenExits: [2, 3], tokenEnds: [1, 2] };
  const mapping = { model: 'sft', exit: 3, instructionId: 'i-free', responseKey: made.responseKey };
  saveResponses(store, 'nano', { responses: [response], mappings: [mapping] });
}

function saveScore(store: Store): void {
  const counts = { wins: 1, losses: 0, ties: 2, malformed: 0, total: 3, score: 1 / 3 };
  const interval = { ciLow: 0, ciHigh: 1, pValue: 0.5, pHolm: 1 };
  const cell = { comparison: 'soft-vs-sft', exitA: 4, exitB: 4, malformedRule: 'dropped' as const };
  saveScores(store, 'nano', 'average', [{ ...cell, policy: 'average', ...counts, ...interval }]);
}

function saveOneKl(store: Store, responseKey: string): void {
  const keys = { klKey: 'k'.repeat(64), subModelKey: 's'.repeat(64), referenceKey: SFT4_KEY, responseKey };
  const own = { curve: 'soft from sft@4', ...SOFT4, instructionId: 'i-add', klKey: keys.klKey };
  saveKl(store, 'nano', {
    passes: [{ ...keys, settings: {}, klNats: [0.5, 0.25] }],
    curves: [{ ...own, referenceModel: 'sft', referenceExit: 4 }],
  });
}

function saveAgreement(store: Store): void {
  const { judgeKey, decoding } = JUDGE;
  const measured = { labels: 'labels.json', labelsSha256: 'x', malformedRule: 'tie', pairs: 999 } as const;
  const numbers = { accuracy: 0.6677, accuracyLow: 0.62, accuracyHigh: 0.71, macroF1: 0.5743, kappa: 0.4 };
  saveHumanAgreement(store, { judgeKey, decoding, ...measured, ...numbers });
}
