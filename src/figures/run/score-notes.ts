/** What stands under the heatmaps: all that their scores depend on, and how far the judge can be trusted. */
import type { MalformedRule } from '../../core/domain.ts';
import { protocolSentence } from '../../judge/decoding-words.ts';
import { judgeModelText } from '../../judge/judge-model.ts';
import { policyText } from '../../judge/policies.ts';
import {
  humanAgreementRead,
  type JudgeAgreement,
  judgeAgreementRead,
  type OrderCounts,
  orderCountsRead,
} from '../../store/read/judge-reads.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { malformedRuleRead, type PairCounts, pairCountsRead } from '../../store/read/score-reads.ts';
import type { HumanAgreement } from '../../store/tables/human-agreement-table.ts';
import type { FigureChoice, Reads } from './run-figure.ts';
import { pairCountNotes } from './state-notes.ts';

/** What was measured of the verdicts behind the scores. */
export type ScoreEvidence = {
  /** Of all comparisons. */
  readonly orders: readonly OrderCounts[];
  /** One row. */
  readonly rule: readonly { readonly malformedRule: MalformedRule | null }[];
  readonly agreement: readonly JudgeAgreement[];
  /** One row. */
  readonly pairs: readonly PairCounts[];
  readonly people: readonly HumanAgreement[];
};

export function scoreEvidenceReads({ run }: RunHead): Reads<ScoreEvidence> {
  return {
    orders: orderCountsRead(run),
    rule: malformedRuleRead(run),
    agreement: judgeAgreementRead(run),
    pairs: pairCountsRead(run),
    people: humanAgreementRead(run),
  };
}

/** One paragraph each. */
export function scoreNotes(head: JudgedHead, evidence: ScoreEvidence, { policy }: FigureChoice): string[] {
  return [
    `Policy ${policyText(policy)}. ${malformedNote(evidence)}`,
    ...judgeNotes(head),
    ...evidence.pairs.flatMap(pairCountNotes),
    ...agreementNotes(evidence),
  ];
}

type JudgedHead = Pick<RunHead, 'judge' | 'judgeModel' | 'judgeDecoding' | 'judgeDeviations'>;

/** Which model judged, and how it decoded: two statements, for a small model can decode as a large one's authors do. */
export function judgeNotes({ judge, judgeModel, judgeDecoding, judgeDeviations }: JudgedHead): string[] {
  if (judge === null) return [];
  return [
    `Judge: ${judgeModelText(judge, judgeModel)}.`,
    protocolSentence(judgeDecoding ?? {}, judgeDeviations),
  ];
}

function malformedNote({ orders, rule }: ScoreEvidence): string {
  const malformed = orders.reduce((sum, order) => sum + order.malformed, 0);
  const verdicts = orders.reduce((sum, { wins, losses, ties }) => sum + wins + losses + ties, malformed);
  if (verdicts === 0) return 'Nothing is judged.';
  const share = ((100 * malformed) / verdicts).toFixed(1);
  const counted = rule[0]?.malformedRule === 'tie' ? 'a tie' : 'neither win, loss nor tie';
  return `Malformed verdicts: ${share} % of ${count(verdicts)}, counted as ${counted}.`;
}

/** How far the scores' judge can be trusted, as far as that was measured. */
function agreementNotes({ agreement, people }: ScoreEvidence): string[] {
  const known = agreement
    .filter(({ winnerPairs }) => winnerPairs > 0)
    .map(({ comparison, agreeingVerdicts, winnerPairs }) => {
      return `${((50 * agreeingVerdicts) / winnerPairs).toFixed(1)} % of ${count(2 * winnerPairs)} (${comparison})`;
    });
  const agreed = people.map(
    ({ labels, accuracy, pairs }) =>
      `it agrees with ${(100 * accuracy).toFixed(2)} % of ${count(pairs)} labels (${labels})`,
  );
  const preferred = `of verdicts where just one answer is right, the judge prefers that one in ${known.join(', ')}`;
  const found = [...(known.length > 0 ? [preferred] : []), ...agreed];
  return found.length === 0 ? [] : [`Measured: ${found.join('; ')}.`];
}

const count = (number: number) => number.toLocaleString('en-US');
