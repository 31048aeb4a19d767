/** How far a run's scores can be trusted: its judge's verdicts in each order, and how often they were right. */
import type { Comparison } from '../../core/domain.ts';
import { decodingText, type StoredDecoding } from '../../judge/decoding-words.ts';
import { judgeModelText } from '../../judge/judge-model.ts';
import type { Store } from '../../store/database.ts';
import { degenerateWinsRead } from '../../store/read/degeneration-reads.ts';
import {
  humanAgreementRead,
  judgeAgreementRead,
  lengthBiasRead,
  orderCountsRead,
  positionBiasRead,
} from '../../store/read/judge-reads.ts';
import { read, readFirst } from '../../store/read/read.ts';
import { readJudge } from '../../store/tables/judge-table.ts';
import { alignedText, labelledText } from '../terminal-layout.ts';
import { cut, visible } from '../text-width.ts';

/** Beside the words of a row and four columns of counts. */
const NAME_WIDTH = 32;
const LABEL_WIDTH = 28;

/** Who judged, how that deviates from the protocol's authors, and how the judge agrees with labelled pairs; '' before anything is judged. */
export function judgeText(store: Store, run: string, width: number): string {
  const judge = readJudge(store, run);
  if (!judge) return '';
  const people = read(store, humanAgreementRead(run)).map(
    ({ labels, pairs, accuracy, kappa, malformedRule }) =>
      `agrees with ${labels} on ${(accuracy * 100).toFixed(2)} % of ${pairs} pairs` +
      `${kappa === null ? '' : `, κ ${kappa.toFixed(2)}`}; malformed: ${malformedRule}`,
  );
  const { bosTokenId } = judge.decoding as { readonly bosTokenId?: number };
  const first = bosTokenId === undefined ? [] : [`prompts begin with token ${bosTokenId}, by config.json`];
  const how = decodingText(judge.decoding as StoredDecoding);
  const notes = [
    `decoding: ${how === '' ? 'not known' : how}`,
    ...judge.deviations.map((text) => `deviation: ${text}`),
    ...first,
    ...people,
  ];
  const who = labelledText('', `Judge: ${judgeModelText(judge.judge, judge.model)}`, 0, width);
  return [who, ...notes.map((note) => labelledText('', note, 2, width))].join('\n');
}

/**
 * The verdicts on all cells of a comparison: wins of model a in each order, position bias, agreement with what is right;
 * '' where there are none.
 */
export function verdictsText(
  store: Store,
  run: string,
  { name, modelA, modelB }: Comparison,
  width: number,
): string {
  const counts = read(store, orderCountsRead(run)).filter(({ comparison }) => comparison === name);
  if (counts.length === 0) return '';
  const rows = counts.map(({ order, wins, losses, ties, malformed }) => [
    `  ${nameText(order === 'ab' ? modelA : modelB)} in slot 1`,
    ...[wins, losses, ties, malformed].map(String),
  ]);
  const table = alignedText([
    [`The judge on ${nameText(name)}`, 'wins', 'losses', 'ties', 'malformed'],
    ...rows,
  ]);
  const shares = sharesOf(store, run, { name, modelA, modelB }).map(([label, part, whole, of]) =>
    labelledText(
      `  ${label}`,
      `${((100 * part) / whole).toFixed(1)} % of ${whole} ${of}`,
      LABEL_WIDTH,
      width,
    ),
  );
  return [table, ...shares].join('\n');
}

type ShareLine = [label: string, part: number, whole: number, of: string];

type Named = Pick<Comparison, 'name' | 'modelA' | 'modelB'>;

function sharesOf(store: Store, run: string, { name: comparison, modelA, modelB }: Named): ShareLine[] {
  const cells = read(store, positionBiasRead({ run, comparison }));
  const [worst] = cells;
  const lengths = read(store, lengthBiasRead({ run, comparison }));
  const longer = sumOf(lengths, 'longer');
  const known = read(store, judgeAgreementRead(run)).find((row) => row.comparison === comparison);
  const { consistentPairs = 0, pairs = 0, agreeingVerdicts = 0, winnerPairs = 0 } = known ?? {};
  const { wins, degenerate } = readFirst(store, degenerateWinsRead({ run, comparison }))!;
  const cell = `${nameText(modelA)}@${worst?.exitA} against ${nameText(modelB)}@${worst?.exitB}`;
  const lines: ShareLine[] = [
    ['verdict kept on swapping', consistentPairs, pairs, 'pairs'],
    ['flip rate', sumOf(cells, 'flips'), sumOf(cells, 'readPairs'), 'pairs with two readable verdicts'],
    ['highest flip rate', worst?.flips ?? 0, worst?.readPairs ?? 0, `pairs, ${cell}`],
    [
      'first-slot share',
      sumOf(cells, 'firstSlots'),
      sumOf(cells, 'decisiveVerdicts'),
      'verdicts that name a slot',
    ],
    [
      'longer answer preferred',
      longer,
      longer + sumOf(lengths, 'shorter'),
      'verdicts for one of unequal characters',
    ],
    ['right answer preferred', agreeingVerdicts, 2 * winnerPairs, 'verdicts where just one is right'],
    ['degenerate answer won', degenerate, wins, 'verdicts that prefer an answer'],
  ];
  return lines.filter(([, , whole]) => whole > 0);
}

function sumOf<Column extends string>(
  cells: readonly Readonly<Record<Column, number>>[],
  column: Column,
): number {
  return cells.reduce((sum, cell) => sum + cell[column], 0);
}

function nameText(text: string): string {
  return cut(visible(text, NAME_WIDTH), NAME_WIDTH);
}
