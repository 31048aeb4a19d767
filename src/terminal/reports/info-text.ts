import type { ModelDescription } from '../../model/folder/describe.ts';
import { dtypesOf, subModelSizes, totalSize } from '../../model/folder/sizes/sub-model-sizes.ts';
import { formatRows, type RowFormat } from '../result-table.ts';
import type { CellValue, Rows } from '../rows.ts';

/** A model's facts, and a row for each exit. In JSON and CSV each row holds the facts too. */
export function infoText(model: ModelDescription, format: RowFormat, width?: number): string {
  const sizes = sizeRows(model);
  const facts = factsOf(model);
  if (format !== 'table') return formatRows(withFacts(sizes, facts), format).stdout;
  const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(16)}${value ?? '–'}`);
  return `${lines.join('\n')}\n\n${formatRows(sizes, format, width).stdout}`;
}

function factsOf(model: ModelDescription): Record<string, CellValue> {
  const { form, kind, precision, architecture } = model;
  const total = totalSize(model);
  return {
    form,
    kind,
    layers: architecture.layers,
    precision,
    dtype: dtypesOf(model).join(', '),
    tied_head: architecture.tiedHead,
    context_length: architecture.contextLength,
    vocabulary: architecture.vocabSize,
    all_parameters: total.parameters,
    all_bytes: total.bytes,
    ...(model.notes.length > 0 && { notes: model.notes.join('; ') }),
  };
}

function sizeRows(model: ModelDescription): Rows {
  return {
    columns: ['exit', 'parameters', 'bytes', 'head', 'head_parameters', 'head_bytes'],
    rows: subModelSizes(model).map((size) => [
      size.exit,
      size.parameters,
      size.bytes,
      size.head,
      size.headParameters,
      size.headBytes,
    ]),
  };
}

function withFacts({ columns, rows }: Rows, facts: Record<string, CellValue>): Rows {
  return {
    columns: [...Object.keys(facts), ...columns],
    rows: rows.map((row) => [...Object.values(facts), ...row]),
  };
}
