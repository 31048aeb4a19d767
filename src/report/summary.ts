import type { Comparison } from '../domain.ts';
import type { Store } from '../store/database.ts';
import { readHumanAgreement } from '../store/human-agreement.ts';
import { readInstructions } from '../store/instructions.ts';
import { readComparisons, readModels } from '../store/models.ts';
import { readJudge } from '../store/runs.ts';
import { type CellScore, readChecks, readJudgeAgreement, readScores } from '../store/scores.ts';
import { readQuality, readSpeed } from '../store/speed.ts';
import { checksText } from './checks-text.ts';

const WIDTH = 80;
/** A row of eight numbers and its label take 20 + 8 · 7 = 76 columns; longer labels leave room for fewer. */
const LABEL_WIDTH = 20;
const NUMBER_WIDTH = 7;

interface Line {
  readonly label: string;
  readonly values: ReadonlyMap<number, string>;
}

/** What a run found, as text of 80 columns: quality, speed, score matrices, the judge's agreement and the checks. */
export function summaryText(store: Store, run: string): string {
  const sections = [
    headline(store, run),
    qualitySection(store, run),
    speedSection(store, run),
    ...readComparisons(store, run).map((comparison) => matrixSection(store, run, comparison)),
    agreementSection(store, run),
    checksSection(store, run),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(store: Store, run: string): string {
  const judge = readJudge(store, run);
  const lines = [`Run ${run}: ${readInstructions(store, run).length} instructions`];
  if (judge) lines.push(`Judge: ${judge.judge}`, ...judge.deviations.map((text) => `  deviation: ${text}`));
  return lines.join('\n');
}

function qualitySection(store: Store, run: string): string {
  const quality = readQuality(store, run);
  return byExit('Exact match, %', store, run, ({ model, exit }) => {
    const found = quality.find((row) => row.model === model && row.exit === exit);
    return found && (found.exactMatch * 100).toFixed(1);
  });
}

function speedSection(store: Store, run: string): string {
  const speeds = readSpeed(store, run);
  const batchSizes = [...new Set(speeds.map(({ batchSize }) => batchSize))];
  const sections = batchSizes.map((batchSize) =>
    byExit(`Tokens/s, batch ${batchSize}`, store, run, ({ model, exit }) => {
      const found = speeds.find(
        (row) => row.model === model && row.exit === exit && row.batchSize === batchSize,
      );
      return found && ((found.tokens / found.durationMs) * 1000).toFixed(0);
    }),
  );
  return sections.join('\n\n');
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
  const scores = readScores(store, run).filter(
    (score) => score.comparison === name && score.policy === policy?.policy,
  );
  const exitsA = [...new Set(scores.map(({ exitA }) => exitA))];
  const lines = exitsA.map((exitA) => ({ label: `${modelA}@${exitA}`, values: scoresOfRow(scores, exitA) }));
  const grid = gridText(`against ${modelB}@`, lines);
  if (grid === '') return '';
  return `Score of ${modelA} (rows) against ${modelB} (columns), policy ${policy?.policy}\n${grid}`;
}

function scoresOfRow(scores: readonly CellScore[], exitA: number): Map<number, string> {
  const row = scores.filter((score) => score.exitA === exitA);
  // A cell whose verdicts are all malformed says nothing, though its formula gives 0.
  const readable = row.filter(({ malformed, total }) => malformed < total);
  return new Map(readable.map(({ exitB, score }) => [exitB, withoutNegativeZero(score.toFixed(2))]));
}

/** A score that rounds to 0 has no sign. */
function withoutNegativeZero(text: string): string {
  return text === '-0.00' ? '0.00' : text;
}

function gridText(title: string, lines: readonly Line[]): string {
  const exits = [...new Set(lines.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  if (exits.length === 0) return '';
  const longest = Math.max(...[title, ...lines.map(({ label }) => label)].map((label) => label.length));
  const labelWidth = Math.max(LABEL_WIDTH, longest);
  const perBlock = Math.max(1, Math.floor((WIDTH - labelWidth) / NUMBER_WIDTH));
  const blocks: string[] = [];
  for (let start = 0; start < exits.length; start += perBlock) {
    blocks.push(blockText(title, lines, exits.slice(start, start + perBlock), labelWidth));
  }
  return blocks.join('\n');
}

/** Some columns of a grid. */
function blockText(
  title: string,
  lines: readonly Line[],
  exits: readonly number[],
  labelWidth: number,
): string {
  const row = (label: string, cells: readonly string[]) =>
    `${label.padEnd(labelWidth)}${cells.map((cell) => cell.padStart(NUMBER_WIDTH)).join('')}`;
  const body = lines.map(({ label, values }) => {
    const cells = exits.map((exit) => values.get(exit) ?? '–');
    return row(label, cells);
  });
  return [row(title, exits.map(String)), ...body].join('\n');
}

function agreementSection(store: Store, run: string): string {
  const lines = readJudgeAgreement(store, run).flatMap((row) => {
    const kept = `  ${row.comparison}: verdict kept in the other order in ${share(row.keptPairs, row.pairs)} of pairs`;
    if (row.winnerPairs === 0) return [kept];
    const agreeing = share(row.agreeingVerdicts, 2 * row.winnerPairs);
    return [kept, `    right answer preferred in ${agreeing} of verdicts where just one is right`];
  });
  const people = readHumanAgreement(store, run).map(
    ({ labels, pairs, accuracy, kappa, malformedRule }) =>
      `  ${labels}: agrees with people on ${(accuracy * 100).toFixed(2)} % of ${pairs} pairs` +
      `${kappa === null ? '' : `, κ ${kappa.toFixed(2)}`}; malformed: ${malformedRule}`,
  );
  return lines.length + people.length === 0 ? '' : ['The judge', ...lines, ...people].join('\n');
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function checksSection(store: Store, run: string): string {
  const checks = readChecks(store, run);
  return checks.length === 0 ? '' : checksText('Checks', checks);
}
