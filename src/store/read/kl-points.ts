/** Mean KL divergences, as figures show them. */
import type { KlPoint, SubModel } from '../../core/domain.ts';
import type { Reader } from '../database.ts';

export interface StoredKlPoint extends KlPoint, SubModel {
  readonly curve: string;
  readonly referenceModel: string;
  readonly referenceExit: number;
}

/** Means of all curves of a run: the view `kl_curves`. */
export function readKlPoints(store: Reader, run: string): StoredKlPoint[] {
  return store.all<StoredKlPoint>(SELECT_POINTS, { run });
}

const SELECT_POINTS = `SELECT curve, model, exit, reference_model AS referenceModel, reference_exit AS referenceExit,
  position, mean_kl_nats AS meanKlNats, instructions FROM kl_curves
  WHERE run = @run ORDER BY curve, model, exit, reference_model, reference_exit, position`;
