/**
 * The models of a run, their sub-models with content keys, and the comparisons with the cells they are made
 * of.
 */
import type { Cell, Comparison, ModelKind, SubModel } from '../../core/domain.ts';
import type { ModelSize } from '../../model/folder/sizes/model-size.ts';
import type { Reader, Store } from '../database.ts';
import { CELL, COMPARISON } from '../schema/comparison-tables.ts';
import { MODEL, SUB_MODEL } from '../schema/run-tables.ts';
import { fields, inserter } from './statements.ts';

/** Null: not known. */
type StoredSize = { readonly [Name in keyof ModelSize]: number | null };

export interface ModelRecord extends StoredSize {
  readonly model: string;
  readonly kind: ModelKind;
  readonly layers: number;
  /** As in the model folder's manifest: fp32, int8, int4. */
  readonly precision: string;
  /** In ascending order. */
  readonly subModels: readonly SubModelRecord[];
}

interface SubModelRecord {
  readonly exit: number;
  /** Over weights, exit, head, tokenizer and precision; see `model/folder/sub-model-key.ts`. */
  readonly subModelKey: string;
}

/** Part of `openRun`. */
export function insertModels(store: Store, run: string, models: readonly ModelRecord[]): void {
  for (const [position, { subModels, ...model }] of models.entries()) {
    insertModel(store, { run, position, ...model });
    for (const { exit, subModelKey } of subModels) {
      insertSubModel(store, { run, model: model.model, exit, subModelKey });
    }
  }
}

/** Part of `openRun`. Each comparison gets a cell for every pair of its exits. */
export function insertComparisons(store: Store, run: string, comparisons: readonly Comparison[]): void {
  for (const [position, { name, modelA, modelB, exitsA, exitsB }] of comparisons.entries()) {
    const comparison = { run, comparison: name, modelA, modelB };
    insertComparison(store, { ...comparison, position });
    for (const exitA of exitsA) {
      for (const exitB of exitsB) insertCell(store, { ...comparison, exitA, exitB });
    }
  }
}

/** In the order of the sweep file. */
export function readModels(store: Reader, run: string): ModelRecord[] {
  const models = store.all<Omit<ModelRecord, 'subModels'>>(SELECT_MODEL, { run });
  const subModels = store.all<SubModel & SubModelRecord>(
    `SELECT ${fields('model', 'exit', 'sub_model_key')} FROM sub_model WHERE run = @run ORDER BY model, exit`,
    { run },
  );
  return models.map((model) => ({
    ...model,
    subModels: subModels
      .filter((subModel) => subModel.model === model.model)
      .map(({ exit, subModelKey }) => ({ exit, subModelKey })),
  }));
}

/** In the order of the sweep file. */
export function readComparisons(store: Reader, run: string): Comparison[] {
  const names = store.all<Omit<Comparison, 'exitsA' | 'exitsB'>>(
    `SELECT comparison AS name, ${fields('model_a', 'model_b')} FROM comparison WHERE run = @run ORDER BY position`,
    { run },
  );
  return names.map((comparison) => {
    const cells = readCells(store, run, comparison.name);
    const exitsA = [...new Set(cells.map(({ exitA }) => exitA))];
    const exitsB = [...new Set(cells.map(({ exitB }) => exitB))];
    return { ...comparison, exitsA, exitsB };
  });
}

/** By exit a, then exit b. */
export function readCells(store: Reader, run: string, comparison: string): Cell[] {
  return store.all<Cell>(
    `SELECT ${fields('exit_a', 'exit_b')} FROM cell WHERE run = @run AND comparison = @comparison
     ORDER BY exit_a, exit_b`,
    { run, comparison },
  );
}

const insertModel = inserter(MODEL, 'refuse');
const insertSubModel = inserter(SUB_MODEL, 'refuse');
const insertComparison = inserter(COMPARISON, 'refuse');
const insertCell = inserter(CELL, 'refuse');

const SELECT_MODEL = `SELECT ${fields('model', 'kind', 'layers', 'precision', 'body_parameters', 'embedding_parameters')},
  ${fields('head_parameters', 'extra_head_parameters', 'weight_bytes', 'extra_head_bytes')}
  FROM model WHERE run = @run ORDER BY position`;
