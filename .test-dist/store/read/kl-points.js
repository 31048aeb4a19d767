/** Means of all curves of a run: the view `kl_curves`. */
export function readKlPoints(store, run) {
    return store.all(SELECT_POINTS, { run });
}
const SELECT_POINTS = `SELECT curve, model, exit, reference_model AS referenceModel, reference_exit AS referenceExit,
  position, mean_kl_nats AS meanKlNats, instructions FROM kl_curves
  WHERE run = @run ORDER BY curve, model, exit, reference_model, reference_exit, position`;
