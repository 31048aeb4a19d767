/** Checks for responses and verdicts that a server or a file left out, and for responses that the judge did not read whole. */

import type { CellOutcomes } from '../../core/domain.ts';
import { countCutVerdicts } from '../../store/tables/judgement-table.ts';
import { readResponses } from '../../store/tables/response-table.ts';
import type { CheckRecord } from '../../store/tables/score-table.ts';
import type { JudgedContext, ModelsContext, RunContext } from '../plan/run-context.ts';

/** True if responses or verdicts can be missing although every stage ran. */
export function mayBeIncomplete({ models, judge }: ModelsContext & JudgedContext): boolean {
  return [...models.values(), judge].some((source) => source?.mayBeIncomplete);
}

export interface Completeness {
  readonly comparison: string;
  /** Cells with every pair that can be judged in both orders. */
  readonly complete: readonly CellOutcomes[];
  /** Cells with any pair that can be judged. */
  readonly cells: number;
  /** Pairs judged in both orders. */
  readonly judged: number;
  /** Pairs that can be judged: both responses are answers. */
  readonly pairs: number;
}

export function completenessChecks(
  context: ModelsContext,
  comparisons: readonly Completeness[],
): CheckRecord[] {
  return [
    missingAnswers(context),
    ...comparisons.map(missingVerdicts),
    ...(comparisons.length > 0 ? [cutVerdicts(context)] : []),
  ].filter((check) => check !== undefined);
}

function missingAnswers({ store, run, models, instructions }: ModelsContext): CheckRecord | undefined {
  const missing = [...models.values()].flatMap(({ name: model, exits }) =>
    exits.flatMap((exit) => {
      const count = instructions.length - readResponses(store, run, { model, exit }).size;
      return count > 0 ? [`${model}@${exit} lacks ${count} of ${instructions.length}`] : [];
    }),
  );
  if (missing.length === 0) return undefined;
  return { name: 'every instruction is answered', passed: false, detail: missing.join(', ') };
}

function missingVerdicts({
  comparison,
  complete,
  cells,
  judged,
  pairs,
}: Completeness): CheckRecord | undefined {
  if (judged === pairs) return undefined;
  const left = `${pairs - judged} of ${pairs} pairs have no verdict`;
  const unscored = `${cells - complete.length} of ${cells} cells are not scored`;
  return { name: `${comparison}: every pair is judged`, passed: false, detail: `${left}; ${unscored}` };
}

/** Reported, but not a failure: the judge's context length is fixed. */
function cutVerdicts({ store, run }: RunContext): CheckRecord | undefined {
  const { cut, all } = countCutVerdicts(store, run);
  if (cut === 0) return undefined;
  const detail = `${cut} of ${all} verdicts are on responses cut to fit the judge's context`;
  return { name: 'responses cut for the judge', passed: true, detail };
}
