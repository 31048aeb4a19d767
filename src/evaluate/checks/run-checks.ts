import type { SweepConfig } from '../../config/sweep-file.ts';
import type { CellOutcomes, Comparison, Outcome } from '../../core/domain.ts';
import { countOutcomes } from '../../judge/reconcile.ts';
import type { Manifest } from '../../model/folder/manifest.ts';
import { isFolderModel } from '../../sources/folder-source.ts';
import type { CheckRecord } from '../../store/tables/score-table.ts';
import { type ResponseTexts, readResponseTexts } from '../plan/response-texts.ts';
import type { ComparisonsContext, ConfigContext, ModelsContext } from '../plan/run-context.ts';

export type ChecksContext = ComparisonsContext & ConfigContext<'limits'>;
export type OutcomesByComparison = ReadonlyMap<string, readonly CellOutcomes[]>;

/** Invariants of every run, whatever the models write: a failed check means a broken run, not a surprising result. */
export function runChecks(context: ChecksContext, outcomes: OutcomesByComparison): CheckRecord[] {
  const answers = readResponseTexts(context);
  return [
    malformedShare(context.config.limits, outcomes),
    identicalAnswers(context.comparisons, outcomes, answers),
    ...mirroredComparisons(context.comparisons, outcomes),
    ...lastExits(context, answers),
  ].filter((check) => check !== undefined);
}

function malformedShare(
  { malformedShare: limit }: SweepConfig['limits'],
  outcomes: OutcomesByComparison,
): CheckRecord | undefined {
  const verdicts = [...outcomes.values()]
    .flat()
    .flatMap((cell) => cell.outcomes.flatMap(({ ab, ba }) => [ab, ba]));
  if (verdicts.length === 0) return undefined;
  const malformed = verdicts.filter((preference) => preference === 'malformed').length;
  const share = malformed / verdicts.length;
  return {
    name: 'malformed verdicts',
    passed: share <= limit,
    detail: `${malformed} of ${verdicts.length} (${percent(share)}), limit ${percent(limit)}`,
  };
}

/** Both orders of two identical answers are one prompt, so its one verdict counts once for each model. */
function identicalAnswers(
  comparisons: readonly Comparison[],
  outcomes: OutcomesByComparison,
  answers: ResponseTexts,
): CheckRecord | undefined {
  const identical: Outcome[] = [];
  for (const { name, modelA, modelB } of comparisons) {
    for (const cell of outcomes.get(name) ?? []) {
      const same = cell.outcomes.filter(
        ({ instructionId: id }) => answers(modelA, cell.exitA, id) === answers(modelB, cell.exitB, id),
      );
      identical.push(...same);
    }
  }
  if (identical.length === 0) return undefined;
  const unbalanced = identical.filter((outcome) => {
    const { wins, losses } = countOutcomes([outcome], 'average');
    return wins !== losses;
  });
  return {
    name: 'identical answers score 0',
    passed: unbalanced.length === 0,
    detail: `${unbalanced.length} of ${identical.length} pairs of identical answers do not`,
  };
}

/** cell(a, b) = −cell(b, a), if a sweep compares two models in both directions. */
function mirroredComparisons(
  comparisons: readonly Comparison[],
  outcomes: OutcomesByComparison,
): CheckRecord[] {
  return comparisons.flatMap((comparison, index) => {
    const mirror = comparisons.find(
      (other, otherIndex) =>
        otherIndex > index && other.modelA === comparison.modelB && other.modelB === comparison.modelA,
    );
    if (!mirror) return [];
    const mirrored = outcomes.get(mirror.name) ?? [];
    const broken = (outcomes.get(comparison.name) ?? []).filter((cell) => {
      const other = mirrored.find(({ exitA, exitB }) => exitA === cell.exitB && exitB === cell.exitA);
      return other && balance(cell.outcomes) !== -balance(other.outcomes);
    });
    return [
      {
        name: `${comparison.name} mirrors ${mirror.name}`,
        passed: broken.length === 0,
        detail: `${broken.length} cells differ from the negated one`,
      },
    ];
  });
}

function balance(outcomes: readonly Outcome[]): number {
  const { wins, losses } = countOutcomes(outcomes, 'average');
  return wins - losses;
}

/** An early-exit model is a frozen SFT model with more heads: at full depth they are one sub-model. */
function lastExits({ models: all, instructions }: ModelsContext, answers: ResponseTexts): CheckRecord[] {
  const models = [...all.values()].filter(isFolderModel).filter(({ dynamic }) => !dynamic);
  return models
    .filter(({ manifest }) => manifest.kind === 'early-exit')
    .flatMap((model) => {
      const last = model.manifest.architecture.layers;
      // Heads of one's own may reach full depth.
      if (!model.exits.includes(last) || model.manifest.exitHeads?.heads.includes(last)) return [];
      const layers = weightsOf(model.manifest);
      const base = models.find(
        (other) =>
          other !== model &&
          other.manifest.kind !== 'early-exit' &&
          weightsOf(other.manifest) === layers &&
          other.exits.includes(last),
      );
      if (!base) return [];
      const different = instructions.filter(
        ({ id }) => answers(model.name, last, id) !== answers(base.name, last, id),
      );
      return [
        {
          name: `${model.name}@${last} equals ${base.name}@${last}`,
          passed: different.length === 0,
          detail: `${different.length} of ${instructions.length} answers differ`,
        },
      ];
    });
}

/** sha256 of the files that hold the layers. */
function weightsOf(manifest: Manifest): string {
  const files = new Set(manifest.segments.flatMap(({ weights }) => weights));
  return [...files].map((file) => manifest.files[file]?.sha256).join();
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
