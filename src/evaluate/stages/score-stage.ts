import {
  type CellOutcomes,
  type Comparison,
  type MalformedRule,
  type Outcome,
  POLICIES,
  type Policy,
} from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import { drawResamples, type Resamples } from '../../metrics/bootstrap.ts';
import { cellScores, scoreInterval } from '../../metrics/score.ts';
import { cellSignTests } from '../../metrics/sign-test.ts';
import { dropUnansweredPairs, readOutcomes } from '../../store/tables/judgement-table.ts';
import {
  type CellScore,
  type CheckRecord,
  readScoredBy,
  saveChecks,
  saveScores,
} from '../../store/tables/score-table.ts';
import { type Completeness, completenessChecks, mayBeIncomplete } from '../checks/completeness.ts';
import { equalSpeedsCheck } from '../checks/equal-speeds.ts';
import { type ChecksContext, runChecks } from '../checks/run-checks.ts';
import { stateChecks } from '../checks/state-checks.ts';
import { type JudgeablePairs, judgeablePairs } from '../plan/judgeable-pairs.ts';
import type { ConfigContext, JudgedContext } from '../plan/run-context.ts';

export type ScoreContext = ChecksContext &
  JudgedContext & { readonly progress?: Pick<Progress, 'note'> } & ConfigContext<
    'limits' | 'malformed' | 'policy' | 'seed'
  >;

/**
 * Scores every cell under every policy from the stored verdicts, with bootstrap intervals over instructions and sign
 * tests corrected over each comparison's cells, and checks the run's invariants.
 * A pair of which a response is no answer is not judged and does not count: each cell has its own total. A cell without all
 * verdicts on the others, because a server or a file left some out, is not scored, and a check fails.
 * @throws InputError `empty` if pairs are not judged yet
 */
export function scoreStage(context: ScoreContext): readonly CheckRecord[] {
  const { store, run, config } = context;
  const ids = context.instructions.map(({ id }) => id);
  const resamples = drawResamples(ids, { seed: config.seed });
  dropUnansweredPairs(store, run);
  const judgeable = judgeablePairs(context);
  const comparisons = context.comparisons.map((comparison) => readComparison(context, comparison, judgeable));
  const outcomes = new Map(comparisons.map(({ comparison, complete }) => [comparison, complete]));
  const scores = [...outcomes].flatMap(([name, cells]) =>
    POLICIES.flatMap((policy) => scoreCells(name, cells, policy, config.malformed, resamples)),
  );
  noteChange(context);
  const badge = equalSpeedsCheck(context);
  const checks = [
    ...runChecks(context, outcomes),
    ...completenessChecks(context, comparisons),
    ...stateChecks(context),
    ...(badge === undefined ? [] : [badge]),
  ];
  store.transaction(() => {
    saveScores(store, run, config.policy, scores);
    saveChecks(store, run, checks);
  });
  return checks;
}

/** The scores of a run are made anew from its verdicts: that they now go by another rule is told. */
function noteChange({ store, run, config, progress }: ScoreContext): void {
  const before = readScoredBy(store, run);
  if (before === undefined) return;
  const changes = (['policy', 'malformed'] as const)
    .filter((key) => before[key] !== config[key])
    .map((key) => `\`${key}: ${config[key]}\` in place of \`${before[key]}\``);
  if (changes.length === 0) return;
  progress?.note(`Scores of run ${run} now go by ${changes.join(', ')}; its verdicts stay as they are.`);
}

/** The cells of a comparison in which every pair that can be is judged in both orders. */
function readComparison(
  context: ScoreContext,
  comparison: Comparison,
  judgeable: JudgeablePairs,
): Completeness {
  const { name, exitsA, exitsB } = comparison;
  const read = readOutcomes(context.store, context.run, name);
  const judged = read.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
  const wanted = exitsA.flatMap((exitA) => exitsB.map((exitB) => judgeable(comparison, { exitA, exitB })));
  const cells = wanted.filter((pairs) => pairs > 0).length;
  const pairs = wanted.reduce((sum, count) => sum + count, 0);
  const complete = read.filter((cell) => cell.outcomes.length === judgeable(comparison, cell));
  if (judged === pairs || mayBeIncomplete(context))
    return { comparison: name, complete, cells, judged, pairs };
  throw new InputError({
    code: 'empty',
    where: `${context.store.path}: comparison ${name}`,
    expected: `${pairs} pairs judged in both orders`,
    found: `${judged}`,
    fix: 'Run the judge stage first: sorted-eval judge <sweep.yaml>.',
  });
}

function scoreCells(
  comparison: string,
  cells: readonly CellOutcomes[],
  policy: Policy,
  malformedRule: MalformedRule,
  resamples: Resamples,
): CellScore[] {
  if (cells.length === 0) return [];
  const tests = cellSignTests(cells, policy, malformedRule);
  return cellScores(cells, policy, malformedRule).map((score, index) => {
    const outcomes: readonly Outcome[] = cells[index]!.outcomes;
    const { low, high } = scoreInterval(resamples, outcomes, policy, malformedRule);
    const { pValue, adjustedPValue } = tests[index]!;
    return {
      comparison,
      policy,
      malformedRule,
      ...score,
      ciLow: low,
      ciHigh: high,
      pValue,
      pHolm: adjustedPValue,
    };
  });
}
