/** The models of a run, their sub-models with content keys, and the comparisons with the cells they are made of. */
import type { Cell, Comparison, ModelKind, SubModel } from '../../core/domain.ts';
import type { ModelSize } from '../../model/folder/model-size.ts';
import type { Reader, Store } from '../database.ts';

export interface ModelRecord extends ModelSize {
  readonly model: string;
  readonly kind: ModelKind;
  readonly layers: number;
  /** As in the model folder's manifest: fp32, int8, int4. */
  readonly precision: string;
  /** Rising. */
  readonly subModels: readonly SubModelRecord[];
}

export interface SubModelRecord {
  readonly exit: number;
  /** `contentKey('sub-model', …)` over weights, exit, head, tokenizer, precision. */
  readonly subModelKey: string;
}

/** Part of `openRun`. */
export function insertModels(store: Store, run: string, models: readonly ModelRecord[]): void {
  for (const [position, { subModels, ...model }] of models.entries()) {
    store.run(INSERT_MODEL, { run, position, ...model });
    for (const { exit, subModelKey } of subModels) {
      store.run('INSERT INTO sub_model VALUES (@run, @model, @exit, @subModelKey)', {
        run,
        model: model.model,
        exit,
        subModelKey,
      });
    }
  }
}

/** Part of `openRun`. Each comparison gets a cell for every pair of its exits. */
export function insertComparisons(store: Store, run: string, comparisons: readonly Comparison[]): void {
  for (const [position, { exitsA, exitsB, ...names }] of comparisons.entries()) {
    store.run('INSERT INTO comparison VALUES (@run, @name, @position, @modelA, @modelB)', {
      run,
      position,
      ...names,
    });
    for (const exitA of exitsA) {
      for (const exitB of exitsB) {
        store.run('INSERT INTO cell VALUES (@run, @name, @exitA, @exitB, @modelA, @modelB)', {
          run,
          exitA,
          exitB,
          ...names,
        });
      }
    }
  }
}

/** In the order of the sweep file. */
export function readModels(store: Reader, run: string): ModelRecord[] {
  const models = store.all<Omit<ModelRecord, 'subModels'>>(SELECT_MODEL, { run });
  const subModels = store.all<SubModel & SubModelRecord>(
    'SELECT model, exit, sub_model_key AS subModelKey FROM sub_model WHERE run = @run ORDER BY model, exit',
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
    'SELECT comparison AS name, model_a AS modelA, model_b AS modelB FROM comparison WHERE run = @run ORDER BY position',
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
    `SELECT exit_a AS exitA, exit_b AS exitB FROM cell WHERE run = @run AND comparison = @comparison
     ORDER BY exit_a, exit_b`,
    { run, comparison },
  );
}

const INSERT_MODEL = `INSERT INTO model VALUES (@run, @model, @position, @kind, @layers, @precision, @bodyParameters,
  @embeddingParameters, @headParameters, @extraHeadParameters, @weightBytes, @extraHeadBytes)`;

const SELECT_MODEL = `SELECT model, kind, layers, precision, body_parameters AS bodyParameters,
  embedding_parameters AS embeddingParameters, head_parameters AS headParameters,
  extra_head_parameters AS extraHeadParameters, weight_bytes AS weightBytes, extra_head_bytes AS extraHeadBytes
  FROM model WHERE run = @run ORDER BY position`;
