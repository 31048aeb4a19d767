import type { MalformedRule, Outcome, Policy } from '../domain.ts';
import { InputError } from '../errors.ts';
import { drawResamples, type Resamples } from '../metrics/bootstrap.ts';
import { type CellOutcomes, cellScores, scoreInterval } from '../metrics/score.ts';
import { cellSignTests } from '../metrics/sign-test.ts';
import { readOutcomes } from '../store/judgements.ts';
import { type CellScore, type CheckRecord, saveChecks, saveScores } from '../store/scores.ts';
import { runChecks } from './checks.ts';
import type { Sweep } from './open.ts';

const POLICIES: readonly Policy[] = ['average', 'conflict-is-tie', 'both-agree', 'pooled'];
const MALFORMED_RULE: MalformedRule = 'dropped';

/**
 * Scores every cell under every policy from the stored verdicts, with bootstrap intervals over instructions and sign
 * tests corrected over each comparison's cells, and checks the run's invariants.
 * @throws InputError `empty` when pairs are not judged yet
 */
export function scoreStage(sweep: Sweep): readonly CheckRecord[] {
  const ids = sweep.instructions.map(({ id }) => id);
  const resamples = drawResamples(ids, { seed: sweep.config.seed });
  const outcomes = new Map(sweep.comparisons.map(({ name }) => [name, readComparison(sweep, name)]));
  const scores = [...outcomes].flatMap(([name, cells]) =>
    POLICIES.flatMap((policy) => scoreCells(name, cells, policy, resamples)),
  );
  const checks = runChecks(sweep, outcomes);
  sweep.store.transaction(() => {
    saveScores(sweep.store, sweep.run, sweep.config.policy, scores);
    saveChecks(sweep.store, sweep.run, checks);
  });
  return checks;
}

/** All cells of a comparison, each with every instruction judged in both orders. */
function readComparison(sweep: Sweep, name: string): CellOutcomes[] {
  const cells = readOutcomes(sweep.store, sweep.run, name);
  const { exitsA, exitsB } = sweep.comparisons.find((comparison) => comparison.name === name)!;
  const judged = cells.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
  const expected = exitsA.length * exitsB.length * sweep.instructions.length;
  if (judged === expected) return cells;
  throw new InputError({
    code: 'empty',
    where: `${sweep.store.path}: comparison ${name}`,
    expected: `${expected} pairs judged in both orders`,
    found: `${judged}`,
    fix: 'Run the judge stage first: sorted-eval judge <sweep.yaml>.',
  });
}

function scoreCells(
  comparison: string,
  cells: readonly CellOutcomes[],
  policy: Policy,
  resamples: Resamples,
): CellScore[] {
  const tests = cellSignTests(cells, policy, MALFORMED_RULE);
  return cellScores(cells, policy, MALFORMED_RULE).map((score, index) => {
    const outcomes: readonly Outcome[] = cells[index]!.outcomes;
    const { low, high } = scoreInterval(resamples, outcomes, policy, MALFORMED_RULE);
    const { pValue, adjustedPValue } = tests[index]!;
    return {
      comparison,
      policy,
      malformedRule: MALFORMED_RULE,
      ...score,
      ciLow: low,
      ciHigh: high,
      pValue,
      pHolm: adjustedPValue,
    };
  });
}
