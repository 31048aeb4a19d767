/** The report of a run for programs; docs/report-json.md names the fields. */
import type { Store } from '../../store/database.ts';
import { queryView } from '../../store/read/query-view.ts';
import { read } from '../../store/read/read.ts';
import { checksRead } from '../../store/read/score-reads.ts';
import { rowObjects } from '../../store/row-objects.ts';
import { checkState } from '../../store/tables/score-table.ts';

/** What only the command knows that computed. */
export interface ReportOfCommand {
  readonly stages: readonly object[];
  readonly missing: readonly MissingOfStage[];
  /** Paths. */
  readonly figures: readonly string[];
  readonly exitCode: number;
}

interface MissingOfStage {
  readonly label: string;
  readonly total: number;
  readonly reasons: readonly string[];
}

export function reportJson(store: Store, run: string, command?: ReportOfCommand): string {
  const rows = (view: string) => rowObjects(queryView(store, view, { where: new Map([['run', run]]) }));
  const report = {
    run,
    results: store.path,
    ...(command && { ...command, missing: command.missing.map(counted) }),
    checks: read(store, checksRead(run)).map((check) => {
      return { check: check.name, state: checkState(check), detail: check.detail };
    }),
    quality: rows('quality'),
    scores: rows('scores'),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function counted({ label, total, reasons }: MissingOfStage) {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return { stage: label, total, missing: reasons.length, reasons: counts };
}
