import type { Comparison } from '../../core/domain.ts';
import { subModelName } from '../../core/sub-models.ts';
import { pairCountNotes } from '../../figures/run/state-notes.ts';
import { isAllMalformed } from '../../metrics/score.ts';
import type { Store } from '../../store/database.ts';
import { type DegenerateResponses, degenerateResponsesRead } from '../../store/read/degeneration-reads.ts';
import { type ExitSpeed, exitSpeedRead, qualityRead } from '../../store/read/exit-reads.ts';
import { read } from '../../store/read/read.ts';
import { checksRead, pairCountsRead, scoresRead } from '../../store/read/score-reads.ts';
import { answerStatesRead, UNANSWERED_STATES } from '../../store/read/state-reads.ts';
import { readInstructions } from '../../store/tables/instruction-table.ts';
import { readComparisons, readModels } from '../../store/tables/model-table.ts';
import type { CellScore } from '../../store/tables/score-table.ts';
import { headlineText } from '../headline/headline-text.ts';
import { wrappedText } from '../terminal-layout.ts';
import { checksText } from './checks-text.ts';
import { depthText } from './depth-summary.ts';
import { countText, gridText, type Line } from './exit-grid.ts';
import { judgeText, verdictsText } from './judge-summary.ts';

const WIDTH = 80;
/** What a run found, as text of 80 columns: the judge, quality, speed, each comparison's scores and verdicts, and the checks. */
export function summaryText(store: Store, run: string): string {
  const sections = [
    headline(store, run),
    headlineText(store, run, WIDTH),
    qualitySection(store, run),
    ...degenerateSections(store, run),
    ...stateSections(store, run),
    depthText(store, run),
    speedSection(store, run),
    ...readComparisons(store, run).flatMap((comparison) => [
      matrixSection(store, run, comparison),
      verdictsText(store, run, comparison, WIDTH),
    ]),
    checksSection(store, run),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(store: Store, run: string): string {
  const lines = [
    `Run ${run}: ${readInstructions(store, run).length} instructions`,
    judgeText(store, run, WIDTH),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function qualitySection(store: Store, run: string): string {
  const quality = read(store, qualityRead(run));
  const title = `Exact match, %${countText(quality.map(({ total }) => total))}`;
  return byExit(title, store, run, ({ model, exit }) => {
    const found = quality.find((row) => row.model === model && row.exit === exit);
    return found && (found.exactMatch * 100).toFixed(1);
  });
}

/** How many answers look degenerate, and how many are empty where any is. */
function degenerateSections(store: Store, run: string): string[] {
  const counts = read(store, degenerateResponsesRead(run));
  const n = countText(counts.map(({ answers }) => answers));
  const section = (title: string, countOf: (counts: DegenerateResponses) => number) =>
    byExit(`${title}${n}`, store, run, ({ model, exit }) => {
      const found = counts.find((row) => row.model === model && row.exit === exit);
      return found && ((100 * countOf(found)) / found.answers).toFixed(1);
    });
  const isAnyEmpty = counts.some(({ empty }) => empty > 0);
  return [
    section('Degenerate, %', ({ degenerate }) => degenerate),
    ...(isAnyEmpty ? [section('Empty, %', ({ empty }) => empty)] : []),
  ];
}

/** How many responses are no answers, for each reason that occurs. */
function stateSections(store: Store, run: string): string[] {
  const states = read(store, answerStatesRead(run));
  return UNANSWERED_STATES.filter(([field]) => states.some((row) => row[field] > 0)).map(([field, words]) =>
    byExit(`Not answered: ${words}`, store, run, ({ model, exit }) =>
      states.find((row) => row.model === model && row.exit === exit)?.[field].toString(),
    ),
  );
}

function speedSection(store: Store, run: string): string {
  const speeds = read(store, exitSpeedRead(run));
  const batchSizes = [...new Set(speeds.map(({ batchSize }) => batchSize))];
  const sections = batchSizes.map((batchSize) => {
    const own = speeds.filter((speed) => speed.batchSize === batchSize);
    return gridText(
      `Tokens/s, batch ${batchSize}${countText(own.map(({ repetitions }) => repetitions))}`,
      readModels(store, run).flatMap(({ model }) => speedLines(own, model)),
    );
  });
  return sections.join('\n\n');
}

/** Medians of a model's exits, and below them their 95 % intervals where they are known. */
function speedLines(speeds: readonly ExitSpeed[], model: string): Line[] {
  const own = speeds.filter((speed) => speed.model === model);
  const line = (label: string, numberOf: (speed: ExitSpeed) => number | null): Line[] => {
    const values = own.flatMap((speed): [number, string][] => {
      const value = numberOf(speed);
      return value === null ? [] : [[speed.exit, value.toFixed(0)]];
    });
    return values.length === 0 ? [] : [{ label, values: new Map(values) }];
  };
  return [
    ...line(model, ({ tokensPerSecond }) => tokensPerSecond),
    ...line('  95 % from', ({ ciLow }) => ciLow),
    ...line('  to', ({ ciHigh }) => ciHigh),
  ];
}

/** One line for each model, one column for each exit; '' where no model has a value. */
function byExit(
  title: string,
  store: Store,
  run: string,
  textOf: (subModel: { model: string; exit: number }) => string | undefined,
): string {
  const lines = readModels(store, run).map(({ model, subModels }): Line => {
    const values = subModels.flatMap(({ exit }): [number, string][] => {
      const value = textOf({ model, exit });
      return value === undefined ? [] : [[exit, value]];
    });
    return { label: model, values: new Map(values) };
  });
  return gridText(title, lines);
}

function matrixSection(store: Store, run: string, { name, modelA, modelB }: Comparison): string {
  const policy = store.get<{ policy: string | null }>('SELECT policy FROM run WHERE run = @run', { run });
  const scores = read(store, scoresRead(run)).filter(
    (score) => score.comparison === name && score.policy === policy?.policy,
  );
  const exitsA = [...new Set(scores.map(({ exitA }) => exitA))];
  const lines = exitsA.map((exitA) => ({
    label: subModelName(modelA, exitA),
    values: scoresOfRow(scores, exitA),
  }));
  const grid = gridText(`against ${modelB}@`, lines);
  if (grid === '') return '';
  const rule = scores[0]!.malformedRule === 'tie' ? ', malformed: tie' : '';
  const title = `Score of ${modelA} (rows) against ${modelB} (columns), policy ${policy?.policy}${rule}${countText(scores.map(({ total }) => total))}`;
  const pairs = pairCountsText(store, run);
  return [wrappedText(title, WIDTH), grid, ...(pairs === '' ? [] : [pairs])].join('\n');
}

/** '' where every score has all instructions. */
function pairCountsText(store: Store, run: string): string {
  const notes = read(store, pairCountsRead(run)).flatMap(pairCountNotes);
  return notes.map((note) => wrappedText(note, WIDTH)).join('\n');
}

function scoresOfRow(scores: readonly CellScore[], exitA: number): Map<number, string> {
  const row = scores.filter((score) => score.exitA === exitA);
  const readable = row.filter((cell) => !isAllMalformed(cell));
  return new Map(readable.map(({ exitB, score }) => [exitB, withoutNegativeZero(score.toFixed(2))]));
}

/** A score that rounds to 0 has no sign. */
function withoutNegativeZero(text: string): string {
  return text === '-0.00' ? '0.00' : text;
}

function checksSection(store: Store, run: string): string {
  const checks = read(store, checksRead(run));
  return checks.length === 0 ? '' : checksText('Checks', checks);
}
