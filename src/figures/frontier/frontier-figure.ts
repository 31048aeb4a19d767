import type { Comparison } from '../../core/domain.ts';
import { partsOfDynamicName, subModelName } from '../../core/sub-models.ts';
import {
  type LayersUsed,
  layersUsedRead,
  type QualitySpeed,
  qualitySpeedRead,
} from '../../store/read/exit-reads.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { scoresRead } from '../../store/read/score-reads.ts';
import type { CellScore } from '../../store/tables/score-table.ts';
import { labelOf, sizeOf } from '../run/labels.ts';
import type { RunFigure } from '../run/run-figure.ts';
import { DEPTH_WAYS, type DepthWay, type FrontierLine, type FrontierPoint, frontier } from './frontier.ts';

interface Rows {
  readonly exits: readonly QualitySpeed[];
  readonly depths: readonly LayersUsed[];
  readonly scores: readonly CellScore[];
}

/** What depth that is chosen token by token buys, beside the fixed exits. */
export const FRONTIER_FIGURE: RunFigure<{
  exits: readonly QualitySpeed[];
  depths: readonly LayersUsed[];
  scores: readonly CellScore[];
}> = {
  name: 'frontier',
  title: 'Fixed and dynamic depth',
  alt: 'Quality by layers a token and by speed',
  missing: 'Nothing was measured.',
  section: 'measurements',
  isFor: ({ models }) => models.some(({ model }) => partsOfDynamicName(model) !== undefined),
  reads: ({ run, speedBatchSize }, { policy }) => ({
    exits: qualitySpeedRead(run, speedBatchSize),
    depths: layersUsedRead(run),
    scores: scoresRead(run, policy),
  }),
  draw(head, rows, { sheet, policy }) {
    const opponent = opponentOf(head, rows.scores);
    const lines = linesOf(head, rows, opponent);
    const isDrawn = ({ exactMatch, score }: FrontierPoint) => exactMatch !== null || score !== null;
    if (!FRONTIER_FIGURE.isFor!(head) || !lines.some(({ points }) => points.some(isDrawn))) return undefined;
    return frontier({
      sheet,
      title: `Fixed and dynamic depth: ${[...new Set(lines.map(({ model }) => model))].join(', ')} (${sizeOf(head)})`,
      opponent: opponent && opponentLabel(head, opponent),
      lines,
      notes: notesOf(head, rows, opponent && `${opponentLabel(head, opponent)}, policy ${policy}`),
    });
  },
};

interface Opponent {
  readonly model: string;
  readonly exit: number;
}

/** The sub-model b that most sub-models were compared with; of equals the one of the earlier comparison. */
export function opponentOf({ comparisons }: Pick<RunHead, 'comparisons'>, scores: readonly CellScore[]) {
  const met = new Map<string, { opponent: Opponent; count: number }>();
  for (const { comparison, exitB } of scores) {
    const of = comparisons.find(({ name }) => name === comparison);
    if (!of) continue;
    const opponent = { model: of.modelB, exit: exitB };
    const key = subModelName(of.modelB, exitB);
    met.set(key, { opponent, count: (met.get(key)?.count ?? 0) + 1 });
  }
  const [first] = [...met.values()].sort((left, right) => right.count - left.count);
  return first?.opponent;
}

function linesOf(head: RunHead, rows: Rows, opponent: Opponent | undefined): FrontierLine[] {
  const all = rows.exits.map((row) => ({ row, ...placeOf(rows.depths, row) }));
  const models = [...new Set(head.models.map(({ model }) => partsOfDynamicName(model)?.model ?? model))];
  return models.flatMap((model) =>
    DEPTH_WAYS.map((way) => ({
      model: labelOf(head, model),
      way,
      points: all
        .filter((one) => one.base === model && one.way === way)
        .map(({ row, name, meanLayers }) => ({
          name,
          meanLayers,
          tokensPerSecond: row.tokensPerSecond,
          exactMatch: row.exactMatch,
          score: scoreOf(head.comparisons, rows.scores, row, opponent),
        })),
    })).filter(({ points }) => points.length > 0),
  );
}

/** Whose line a sub-model stands on, under which name, and where. */
function placeOf(depths: readonly LayersUsed[], { model, exit }: QualitySpeed) {
  const parts = partsOfDynamicName(model);
  const used = depths.find((one) => one.model === model && one.exit === exit);
  if (!parts) return { base: model, way: 'fixed' as DepthWay, name: `exit ${exit}`, meanLayers: exit };
  const [way, ...setting] = parts.dynamic.split(':');
  const name = [way, ...setting].join(' ');
  return { base: parts.model, way: way as DepthWay, name, meanLayers: used?.meanLayers ?? null };
}

function scoreOf(
  comparisons: readonly Comparison[],
  scores: readonly CellScore[],
  { model, exit }: QualitySpeed,
  opponent: Opponent | undefined,
): number | null {
  const names = comparisons
    .filter(({ modelA, modelB }) => modelA === model && modelB === opponent?.model)
    .map(({ name }) => name);
  const cell = scores.find(
    (one) => names.includes(one.comparison) && one.exitA === exit && one.exitB === opponent?.exit,
  );
  return cell?.score ?? null;
}

function opponentLabel(head: RunHead, { model, exit }: Opponent): string {
  return partsOfDynamicName(model) ? labelOf(head, model) : `${labelOf(head, model)}, exit ${exit}`;
}

function notesOf({ speedBatchSize }: RunHead, { exits }: Rows, opponent: string | undefined): string[] {
  const isTimed = exits.some(({ tokensPerSecond }) => tokensPerSecond !== null);
  return [
    'Adaptive depth: a line through its thresholds, at the mean of the exits that tokens left at. Speculation: at full depth, whose answers it has.',
    ...(opponent === undefined ? [] : [`Score: against ${opponent}.`]),
    isTimed
      ? `Speed: batch ${speedBatchSize}, prefill not counted; after the end of an answer, too.`
      : 'Speed was not measured, so it is not drawn.',
  ];
}
