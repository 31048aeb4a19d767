/** What stands under the heatmaps: all that their scores depend on, and how far the judge can be trusted. */
import type { Policy } from '../domain.ts';
import { readHumanAgreement } from '../store/human-agreement.ts';
import { readOrderCounts } from '../store/position-bias.ts';
import { readJudgeAgreement } from '../store/scores.ts';
import type { Sweep } from './open.ts';

/** One paragraph each. */
export function scoreNotes(sweep: Sweep, deviations: readonly string[]): string[] {
  return [
    `Policy: ${POLICY_NOTES[sweep.config.policy]} ${malformedNote(sweep)}`,
    deviations.length > 0 ? `Deviations from PandaLM: ${deviations.join('; ')}.` : 'Judged as PandaLM does.',
    ...agreementNotes(sweep),
  ];
}

const POLICY_NOTES: Readonly<Record<Policy, string>> = {
  average: 'average, the mean over both orders of the two answers.',
  pooled: 'pooled, every order counts on its own.',
  'conflict-is-tie': 'conflict-is-tie, opposite winners in the two orders make a tie.',
  'both-agree': 'both-agree, a win counts when both orders say so.',
};

function malformedNote({ store, run, comparisons, config }: Sweep): string {
  const orders = comparisons.flatMap(({ name }) => readOrderCounts(store, run, name));
  const malformed = orders.reduce((sum, order) => sum + order.malformed, 0);
  const verdicts = orders.reduce((sum, { wins, losses, ties }) => sum + wins + losses + ties, malformed);
  const share = ((100 * malformed) / verdicts).toFixed(1);
  const counted = config.malformed === 'tie' ? 'a tie' : 'neither win, loss nor tie';
  return `Malformed verdicts: ${share} %, counted as ${counted}.`;
}

/** How far the scores' judge can be trusted, as far as that was measured. */
function agreementNotes({ store, run }: Sweep): string[] {
  const known = readJudgeAgreement(store, run)
    .filter(({ winnerPairs }) => winnerPairs > 0)
    .map(({ comparison, agreeingVerdicts, winnerPairs }) => {
      return `${((50 * agreeingVerdicts) / winnerPairs).toFixed(1)} % (${comparison})`;
    });
  const people = readHumanAgreement(store, run).map(
    ({ labels, accuracy }) => `it agrees with ${(100 * accuracy).toFixed(2)} % of human labels (${labels})`,
  );
  const preferred = `of verdicts where just one answer is right, the judge prefers that one in ${known.join(', ')}`;
  const found = [...(known.length > 0 ? [preferred] : []), ...people];
  return found.length === 0 ? [] : [`Measured: ${found.join('; ')}.`];
}
