/**
 * Reads published win/loss/tie cells: `baseline,soft_layer,base_layer,win,loss,tie` and, where the file has them, `layers`
 * (depth of the published models; else the largest layer of the file) and `total` (else what the first row adds up to).
 * Other columns are not read. `eval-data/published/sorted-llama-table4.csv` is such a file.
 */

import { z } from 'zod';
import type { Cell } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import { relativeDepth } from '../core/sub-models.ts';
import { type CsvRecord, parseCsv } from './csv.ts';
import { readText } from './json-file.ts';
import { checkRecord, type RawRecord, type RecordKind } from './read-records.ts';

/** `SFT`: exits of the SFT model. `SFT+ICT`: exits of the early-exit model, SFT with a trained head for each exit. */
export type PublishedBaseline = 'SFT' | 'SFT+ICT';

/** A published cell: the SoFT model at exit a against the baseline at exit b. */
export interface PublishedCell extends Cell {
  readonly baseline: PublishedBaseline;
  /** Depth of both published models. */
  readonly layers: number;
  /** (wins − losses) / total. */
  readonly score: number;
}

const REQUIRED = ['baseline', 'soft_layer', 'base_layer', 'win', 'loss', 'tie'] as const;
const FIX = 'Name a file like eval-data/published/sorted-llama-table4.csv.';
const KIND: RecordKind = { code: 'bad-schema', record: `a published cell: ${REQUIRED.join(', ')}` };
/** Fractions may be rounded; a wrong count is off by at least a half. */
const ROUNDING = 0.01;

const count = z
  .string({ error: 'a number' })
  .regex(/^\d+(\.\d+)?$/, 'a number')
  .transform(Number);
const layer = z
  .string({ error: 'a number of layers' })
  .regex(/^[1-9]\d*$/, 'a number of layers')
  .transform(Number);
const rowSchema = z.looseObject({
  baseline: z.enum(['SFT', 'SFT+ICT'], { error: 'SFT or SFT+ICT' }),
  soft_layer: layer,
  base_layer: layer,
  layers: layer.optional(),
  win: count,
  loss: count,
  tie: count,
  total: count.optional(),
});

interface Row extends z.output<typeof rowSchema> {
  readonly where: string;
}

/**
 * The published cells of a file, in its order.
 *
 * @throws InputError `not-found`, `not-readable`, `not-json` for bytes that are not UTF-8, `empty`; `bad-schema` for a
 * missing column, a value that is no number, counts that do not add up to the total, or a cell that comes twice.
 */
export function readPublishedCells(path: string): PublishedCell[] {
  const rows = readRows(path).map((record) => ({
    ...checkRecord(rowSchema, record, KIND),
    where: record.where,
  }));
  const deepest = Math.max(...rows.flatMap(({ soft_layer, base_layer }) => [soft_layer, base_layer]));
  const firstTotal = sumOf(rows[0]!);
  for (const row of rows) checkTotal(row, row.total ?? firstTotal);
  const cells = rows.map((row) => toCell(row, row.layers ?? deepest));
  refuseRepeatedCells(
    cells,
    rows.map(({ where }) => where),
  );
  return cells;
}

function readRows(path: string): RawRecord[] {
  const records = parseCsv(readText(path, FIX));
  if (records === undefined) throw notCsv(path);
  const [header, ...rows] = records;
  if (header === undefined || rows.length === 0) throw noRows(path);
  const missing = REQUIRED.filter((column) => !header.fields.includes(column));
  if (missing.length > 0) throw missingColumns(`${path}: line ${header.line}`, missing, header.fields);
  return rows.map((row) => byColumn(path, header, row));
}

function byColumn(path: string, header: CsvRecord, { line, fields }: CsvRecord): RawRecord {
  const where = `${path}: line ${line}`;
  const columns = header.fields.length;
  if (fields.length !== columns) throw wrongFields(where, columns, fields.length);
  return { value: Object.fromEntries(header.fields.map((column, index) => [column, fields[index]])), where };
}

function sumOf({ win, loss, tie }: Row): number {
  return win + loss + tie;
}

function checkTotal(row: Row, total: number): void {
  const sum = sumOf(row);
  if (sum > 0 && Math.abs(sum - total) <= ROUNDING) return;
  throw new InputError({
    code: 'bad-schema',
    where: row.where,
    expected: `win + loss + tie = ${total > 0 ? total : 'a total above 0'}`,
    found: `${row.win} + ${row.loss} + ${row.tie} = ${sum}`,
    fix: 'Correct the counts: every cell counts the same instructions.',
  });
}

function toCell(row: Row, layers: number): PublishedCell {
  const { baseline, soft_layer: exitA, base_layer: exitB } = row;
  const deeper = Math.max(exitA, exitB);
  if (deeper <= layers) return { baseline, exitA, exitB, layers, score: (row.win - row.loss) / sumOf(row) };
  throw new InputError({
    code: 'bad-schema',
    where: row.where,
    expected: `layers up to ${layers}`,
    found: `layer ${deeper}`,
    fix: 'Correct the column layers: it is the depth of the published models.',
  });
}

function refuseRepeatedCells(cells: readonly PublishedCell[], places: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const [index, { baseline, exitA, exitB, layers }] of cells.entries()) {
    const key = `${baseline} ${relativeDepth(exitA, layers)} ${relativeDepth(exitB, layers)}`;
    const first = seen.get(key);
    if (first !== undefined) throw repeated(places[index]!, `${baseline} ${exitA} against ${exitB}`, first);
    seen.set(key, places[index]!);
  }
}

function repeated(where: string, cell: string, first: string): InputError {
  const found = `${cell}, which ${first} has too`;
  const fix = 'Remove one of the two rows.';
  return new InputError({ code: 'bad-schema', where, expected: 'every cell once', found, fix });
}

function notCsv(where: string): InputError {
  const expected = 'comma-separated values';
  return new InputError({
    code: 'bad-schema',
    where,
    expected,
    found: 'a quote that does not close',
    fix: FIX,
  });
}

function noRows(where: string): InputError {
  const expected = 'a header and at least one published cell';
  return new InputError({ code: 'empty', where, expected, found: 'none', fix: FIX });
}

function wrongFields(where: string, columns: number, fields: number): InputError {
  const fix = 'Separate fields by commas, and write decimals with a point.';
  return new InputError({
    code: 'bad-schema',
    where,
    expected: `${columns} fields`,
    found: `${fields}`,
    fix,
  });
}

function missingColumns(where: string, missing: readonly string[], columns: readonly string[]): InputError {
  return new InputError({
    code: 'bad-schema',
    where,
    expected: `the columns ${REQUIRED.join(', ')}`,
    found: `no ${missing.join(', no ')} among ${columns.join(', ').slice(0, 120)}`,
    fix: FIX,
  });
}
