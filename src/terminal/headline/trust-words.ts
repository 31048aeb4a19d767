/** How far a run's judge can be trusted, in words. */

import type { JudgeTrust } from '../../store/read/judge-reads.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { HumanAgreement } from '../../store/tables/human-agreement-table.ts';

/** Each says one thing that was measured of it, or that it was not. */
export function trustWords(
  { judge }: Pick<RunHead, 'judge'>,
  trust: JudgeTrust | undefined,
  people: readonly HumanAgreement[],
): string[] {
  if (judge === null || trust === undefined)
    return ['Nothing is judged: what is said here goes by known answers.'];
  const { verdicts, malformed, readPairs, flips, decidable, agreeing } = trust;
  return [
    decidable === 0
      ? 'No pair has just one right answer by which it could be checked.'
      : `Where just one answer is right, it prefers that one in ${percent(agreeing, decidable)} of ${count(decidable)} verdicts; a guess would be right in half of them at most.`,
    ...people.map(
      ({ labels, accuracy, accuracyLow, accuracyHigh, pairs }) =>
        `It agrees with ${labels} on ${percent(accuracy, 1)} of ${count(pairs)} pairs [${percent(accuracyLow, 1)}, ${percent(accuracyHigh, 1)}].`,
    ),
    readPairs === 0
      ? ''
      : `When the order is swapped it changes ${percent(flips, readPairs)} of its preferences.`,
    `${count(malformed)} of its ${count(verdicts)} verdicts cannot be read.`,
  ].filter((words) => words !== '');
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
const count = (value: number) => value.toLocaleString('en-US');
