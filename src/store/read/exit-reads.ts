/** Reads of what was measured of each exit. */
import type { KlPoint, SubModel } from '../../core/domain.ts';
import type { Standing } from '../../metrics/not-worse.ts';
import { defineRead, type Read } from './read.ts';

/** Ends of a 95 % interval; null: not known. */
export interface Bounds {
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
}

/** The view `kl_points`. */
export interface StoredKlPoint extends KlPoint, SubModel, Bounds {
  readonly curve: string;
  readonly referenceModel: string;
  readonly referenceExit: number;
}

/** The view `quality`. */
export interface Quality extends SubModel {
  readonly right: number;
  /** Responses whose right answer is known. */
  readonly total: number;
  /** right / total. */
  readonly exactMatch: number;
}

/** The view `exit_speeds`. */
export interface ExitSpeed extends SubModel, Bounds {
  /** Rows that were decoded together. */
  readonly batchSize: number;
  /** Median of the repetitions. */
  readonly tokensPerSecond: number;
  readonly repetitions: number;
}

/** An exit's quality beside its speed; null where it was not measured. */
export interface QualitySpeed extends SubModel, Bounds {
  readonly exactMatch: number | null;
  /** Responses whose right answer is known. */
  readonly total: number | null;
  readonly tokensPerSecond: number | null;
  readonly repetitions: number | null;
  readonly machine: string | null;
}

/** The view `models`: parameters, of models that have weights here. */
export interface ModelParameters {
  readonly model: string;
  readonly layers: number;
  readonly bodyParameters: number;
  readonly embeddingParameters: number;
  readonly headParameters: number;
  /** Heads of an early-exit model beyond its first. */
  readonly extraHeadParameters: number;
}

/** The view `depth_gaps`. */
export interface DepthGap extends SubModel, Bounds {
  readonly measure: 'score' | 'exact match';
  /** Null: exact match, which needs none. */
  readonly comparison: string | null;
  readonly referenceModel: string;
  readonly referenceExit: number;
  /** Instructions. */
  readonly n: number;
  /** In [−1, 1]; positive: the exit is better. */
  readonly difference: number;
  /** What one chooses from: the intervals of so many exits hold together. */
  readonly exits: number;
  readonly margin: number;
  readonly standing: Standing;
}

/** The view `speed_ratios`. */
export interface SpeedRatio extends SubModel, Bounds {
  readonly referenceModel: string;
  readonly referenceExit: number;
  readonly rounds: number;
  /** Tokens per second of the exit / those of the reference. */
  readonly ratio: number;
}

/** The view `layers_used`. */
export interface LayersUsed extends SubModel {
  readonly depth: 'fixed' | 'adaptive' | 'speculative';
  /** Null: no token was generated. */
  readonly meanLayers: number | null;
  /** Of the tokens drafted; null: none was. */
  readonly acceptance: number | null;
}

/** Exits ascend within each model and reference. Files of schemas before 5 have none. */
export function depthGapsRead(run: string, measure: DepthGap['measure']): Read<DepthGap> {
  return defineRead(SELECT_GAPS, { run, measure }, { needs: 'depth_gaps' });
}

/** @param batchSize null: no rows */
export function speedRatiosRead(run: string, batchSize: number | null): Read<SpeedRatio> {
  return defineRead(SELECT_RATIOS, { run, batchSize }, { needs: 'speed_ratios' });
}

/** In the order of the sweep file. Files of older schemas have none. */
export function layersUsedRead(run: string): Read<LayersUsed> {
  return defineRead(SELECT_LAYERS_USED, { run }, { needs: 'layers_used' });
}

/** Means of all curves of a run. */
export function klPointsRead(run: string): Read<StoredKlPoint> {
  return defineRead(SELECT_KL, { run });
}

export function qualityRead(run: string): Read<Quality> {
  return defineRead(SELECT_QUALITY, { run });
}

/** At every batch size that was measured. */
export function exitSpeedRead(run: string): Read<ExitSpeed> {
  return defineRead(SELECT_SPEED, { run });
}

/** One row for each exit of each model. */
export function qualitySpeedRead(run: string, batchSize: number | null): Read<QualitySpeed> {
  return defineRead(SELECT_QUALITY_SPEED, { run, batchSize });
}

/** In the order of the sweep file, without models whose size is not known. */
export function modelParametersRead(run: string): Read<ModelParameters> {
  return defineRead(SELECT_PARAMETERS, { run });
}

const SELECT_KL = `SELECT curve, model, exit, reference_model, reference_exit, position, mean_kl_nats, instructions,
  ci_low, ci_high
FROM kl_points
WHERE run = @run
ORDER BY curve, model, exit, reference_model, reference_exit, position`;

const SELECT_QUALITY = `SELECT model, exit, "right", total, exact_match
FROM quality
WHERE run = @run
ORDER BY model, exit`;

const SELECT_SPEED = `SELECT model, exit, batch_size, tokens_per_second, repetitions, ci_low, ci_high
FROM exit_speeds
WHERE run = @run
ORDER BY model, exit, batch_size`;

const SELECT_QUALITY_SPEED = `SELECT model, exit, exact_match, total, tokens_per_second, repetitions, ci_low, ci_high, machine
FROM sub_model
LEFT JOIN (SELECT * FROM quality WHERE run = @run) USING (run, model, exit)
LEFT JOIN (SELECT * FROM exit_speeds WHERE run = @run AND batch_size = @batchSize) USING (run, model, exit)
WHERE run = @run
ORDER BY model, exit`;

const SELECT_PARAMETERS = `SELECT model, layers, body_parameters, embedding_parameters, head_parameters, extra_head_parameters
FROM models
WHERE run = @run AND body_parameters > 0
ORDER BY position`;

const SELECT_LAYERS_USED = `SELECT model, exit, depth, mean_layers, acceptance
FROM layers_used JOIN (SELECT run, model, position FROM models) USING (run, model)
WHERE run = @run
ORDER BY position, exit`;

const SELECT_GAPS = `SELECT measure, comparison, model, exit, reference_model, reference_exit, n, difference, ci_low, ci_high, exits,
  margin, standing
FROM depth_gaps
WHERE run = @run AND measure = @measure
ORDER BY comparison, model, reference_model, exit`;

const SELECT_RATIOS = `SELECT model, exit, reference_model, reference_exit, rounds, ratio, ci_low, ci_high
FROM speed_ratios
WHERE run = @run AND batch_size = @batchSize
ORDER BY model, exit, reference_model`;
